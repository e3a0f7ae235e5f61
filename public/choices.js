// What a visitor chose before, set before the first paint: theme and language.
try {
  const root = document.documentElement;
  const theme = localStorage.getItem("theme");
  const lang = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("lang") ?? (navigator.language.startsWith("ko") ? "ko" : "en");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  if (lang === "ko") root.lang = lang;
  if (!localStorage.getItem("visited") && !location.hash) root.dataset.first = "";
} catch {
  // Storage can be refused; the page then opens as for the first time.
}
