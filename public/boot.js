// Starts the app, keeps it for use without a network, and says so when it cannot go on.
const stop = (why) => {
  document.getElementById("stopped").hidden = false;
  document.getElementById("stopped-why").textContent = String(why);
};
addEventListener("error", (event) => stop(event.message));

const tag = document.querySelector("script[data-wasm]");
const at = (name) => new URL(tag.dataset[name], document.baseURI).href;
try {
  const app = await import(at("js"));
  await app.default({ module_or_path: at("wasm") });
} catch (error) {
  stop(error);
}
// Not on http: a worker would serve stale files to whoever works on the page.
if ("serviceWorker" in navigator && location.protocol === "https:") {
  navigator.serviceWorker.register(new URL("sw.js", document.baseURI));
}
