// On a phone the menu lies over the page. Who has chosen a page wants to see it.
const close = (event) => {
  if (innerWidth > 768 || !event.target.closest?.(".stSidebar a")) return;
  document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
};

export default ({ parentElement }) => {
  if (parentElement.stop) return parentElement.stop;
  document.addEventListener("click", close);
  parentElement.stop = () => {
    document.removeEventListener("click", close);
    delete parentElement.stop;
  };
  return parentElement.stop;
};
