// Notices when the server no longer knows the session that this tab remembers.

// The tab's own storage. A browser that forbids it hears nothing.
const NAME = "inkling-session";
const read = () => { try { return JSON.parse(sessionStorage.getItem(NAME)); } catch { return null; } };
const write = (session) => { try { sessionStorage.setItem(NAME, JSON.stringify(session)); } catch { /* as said */ } };
// component.js of the canvas keeps the drawings.
const keeps = (sheet) => (sessionStorage.getItem(`inkling-${sheet}`) ?? "[]") !== "[]";

// After a lost connection Streamlit may show the earlier session's page until the visitor does something: it only asks the
// server for the page where the last run was a fragment's. So this asks.
let tell;
const app = document.querySelector("[data-test-connection-state]");
const noticeConnection = () => app.dataset.testConnectionState === "CONNECTED" && tell("reconnected", true);
if (app) new MutationObserver(noticeConnection).observe(app, { attributeFilter: ["data-test-connection-state"] });

// An event that is sent before the browser knows its page would lead to the first page, so this waits for a heading. Then it
// waits until nothing has run for a moment and timers come on time: else Streamlit would send the event together with those
// of other components that appear, and run one of their fragments instead of the page.
const whenPageStands = (say, quiet = 0, due = performance.now()) => {
  const isRunning = document.querySelector("[data-test-script-state=running]");
  const stands = document.querySelector("h1") && !isRunning && performance.now() - due < 20;
  if (stands && quiet === 3) setTimeout(say);  // after what is waiting to be sent
  else setTimeout(whenPageStands, 50, say, stands ? quiet + 1 : 0, performance.now() + 50);
};

export default ({ data, parentElement, setTriggerValue }) => {
  tell = setTriggerValue;
  const before = read();
  const page = document.body.dataset;
  const isReload = !page.session;  // else the page is the same, and it was the connection that broke
  page.session = data.session;
  write({ session: data.session, holds: data.holds });
  const isLost = before && before.session !== data.session;
  const drawing = keeps("canvas") || keeps("number_canvas");
  if (isReload || isLost) whenPageStands(() => {
    page.stands = "";  // for menu.js
    document.dispatchEvent(new Event("inkling-stands"));
    if (isLost) tell("lost", { isReload, holds: before.holds, drawing });
  });
  parentElement.querySelector("p").textContent = data.sentence;
};
