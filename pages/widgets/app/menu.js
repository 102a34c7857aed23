// What the menu does in the browser: it gives way to the page that was chosen, each page begins at its top, and the tab
// remembers that it is on a projector.

const NAME = "inkling-projector";
const projector = () => document.querySelector(".st-key-projector input");

// On a phone the menu lies over the page, and on a projector it takes the page's room. Who has chosen wants to see it.
const close = (event) => {
  if (!event.target.closest?.(".stSidebar a") || (innerWidth > 768 && !projector()?.checked)) return;
  document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
};

// A browser that forbids the tab a memory goes without.
const remember = (isProjected) => { try { sessionStorage.setItem(NAME, isProjected); } catch { /* as said */ } };
const isRemembered = () => { try { return sessionStorage.getItem(NAME) === "true"; } catch { return false; } };

// As if the visitor had switched it on again, as soon as session_notice.js says that the page stands.
const restore = () => {
  if (!("stands" in document.body.dataset)) document.addEventListener("inkling-stands", restore, { once: true });
  else if (!projector()?.checked) projector()?.click();
};

let page, path;  // of the page that was shown last: its name and its address

// Who goes back to a page comes to its top, not to the section that a link on it once led to.
const forgetSection = () => {
  if (location.pathname !== path && location.hash) history.replaceState(history.state, "", location.pathname + location.search);
};

// For as long as the tab is open: the menu is on every page.
document.addEventListener("click", close);
addEventListener("popstate", forgetSection);

export default ({ data }) => {
  if (page === undefined && isRemembered()) restore();
  else remember(data.isProjected);
  if (page !== data.page) document.querySelector("[data-testid=stMain]")?.scrollTo({ top: 0, behavior: "instant" });
  [page, path] = [data.page, location.pathname];
};
