// Starts the app, keeps it for use without a network, and says so when it cannot go on.
const stop = (why) => {
  document.getElementById("stopped").hidden = false;
  document.getElementById("stopped-why").textContent = String(why);
};
addEventListener("error", (event) => stop(event.message));

const tag = document.querySelector("script[data-wasm]");
const at = (name) => new URL(tag.dataset[name], document.baseURI).href;
// A run in the fragment of the address: `#1.` and its text, deflated, in base64url. Whatever is there is only ever read as text.
const LINK = /^#(\d+)\.([\w-]*)$/;
const LINK_VERSION = 1;
const TEXT_BYTES_MOST = 65536;
const root = document.documentElement;
const through = (bytes, stream) => new Blob([bytes]).stream().pipeThrough(stream).getReader();
const collect = async (reader, most) => {
  const chunks = [];
  for (let size = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(chunks).arrayBuffer());
    if ((size += value.length) > most) throw new RangeError("too long");
    chunks.push(value);
  }
};
const pack = async (text) => {
  const bytes = await collect(through(text, new CompressionStream("deflate-raw")), Infinity);
  return btoa(bytes.reduce((all, byte) => all + String.fromCharCode(byte), "")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};
const unpack = async (code) => {
  const bytes = Uint8Array.from(atob(code.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  return new TextDecoder().decode(await collect(through(bytes, new DecompressionStream("deflate-raw")), TEXT_BYTES_MOST));
};
const shared = LINK.exec(location.hash);
if (shared) {
  try {
    if (Number(shared[1]) > LINK_VERSION) root.dataset.linkFault = "newer";
    else root.dataset.link = await unpack(shared[2]);
  } catch {
    root.dataset.linkFault = "damaged";
  }
}
// The app leaves the text here and asks for the link; it is told how long the link is and whether it was copied.
addEventListener("share", async () => {
  history.replaceState(null, "", `#${LINK_VERSION}.${await pack(root.dataset.link)}`);
  root.dataset.linkCopied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false) ?? false;
  root.dataset.linkLength = location.href.length;
  dispatchEvent(new Event("shared"));
});
addEventListener("hashchange", () => location.reload());

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
