// What a visitor chose before, set before the first paint: theme and language; and whether another page embeds this one (`?embed` or `#embed`).
const asked = new URLSearchParams(location.search);
const embed = asked.has("embed") || location.hash.startsWith("#embed");
if (embed) document.documentElement.dataset.embed = "";
// Storage can be refused; the page then opens as for the first time.
const stored = (name) => {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
};
const root = document.documentElement;
const theme = asked.get("theme") ?? stored("theme");
const lang = asked.get("lang") ?? stored("lang") ?? (navigator.language.startsWith("ko") ? "ko" : "en");
if (theme === "light" || theme === "dark") root.dataset.theme = theme;
if (lang === "ko") root.lang = lang;
// The manifest is open for as long as a page lasts; former releases kept that for the next visit.
root.dataset.open = (stored("panes") ?? "").replace("manifest", "").trim();
// The scenes are for whoever comes for the first time, and for whoever asks for them.
const isFirst = !stored("visited") && !/^#(\d+(\.|%2E)|lesson=|cluster$)/i.test(location.hash) && !embed;
if (isFirst || location.hash === "#scenes") root.dataset.first = "";
// What a first visit hides is styled by a file of its own, which comes with the rest of the code; any other visit needs all styles at once.
const { styles } = document.currentScript.dataset;
if (styles && !("first" in root.dataset)) document.write(`<link rel="stylesheet" href="${styles}">`);
else if (styles) root.dataset.styles = styles;
