// What a page that embeds this one (ordinal-embed.js) may ask for: a theme, a language, and to be told the height at which nothing has to be
// scrolled. Only the parent is heard, and only these words; a run comes in the address alone.
const page = document.getElementById("page");
const say = (height) => parent.postMessage({ ordinal: 1, height }, "*");
const speak = (lang) => {
  const buttons = [...document.querySelectorAll(".bar button[lang]")];
  const button = buttons.find((button) => button.lang === lang) ?? buttons[0];
  if (button.ariaPressed === "true") return;
  // What a visitor chose for the page itself stays as it is.
  let chosen;
  try {
    chosen = localStorage.lang;
  } catch {
    return button.click();
  }
  button.click();
  if (chosen) localStorage.lang = chosen;
  else delete localStorage.lang;
};
let [fits, most] = [false, 0];
const fit = () => {
  if (!fits) return;
  const parts = [...document.querySelectorAll("#cluster, .lesson")];
  const beyond = parts.reduce((sum, part) => sum + part.scrollHeight - part.clientHeight, 0);
  if (beyond && innerHeight + beyond > most) say((most = innerHeight + beyond));
};
const fitting = new MutationObserver(fit);
const hear = ({ source, data }) => {
  if (source !== parent || data?.ordinal !== 1) return;
  if (data.theme === "light" || data.theme === "dark") document.documentElement.dataset.theme = data.theme;
  if (typeof data.lang === "string") speak(data.lang);
  [fits, most] = [data.fit === true, 0];
  if (fits) fitting.observe(page, { childList: true, subtree: true });
  fit();
};
// Nothing is said to the app before it is there.
const begin = () => {
  if (!("live" in page.dataset)) return;
  live.disconnect();
  addEventListener("message", hear);
  addEventListener("resize", fit);
  say(0);
};
const live = new MutationObserver(begin);
live.observe(page, { attributes: true });
begin();
