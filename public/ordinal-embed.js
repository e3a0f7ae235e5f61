// <ordinal-run>: a run of Ordinal in another page, in a frame of the page beside this script. How it is used: .github/EMBED.md.
if (!customElements.get("ordinal-run")) {
  const home = new URL("./", document.currentScript.src);
  // How high a frame is, and how high one begins that finds its height. In CSS pixels.
  const [HEIGHT, BEGINNING] = [640, 480];
  const dark = matchMedia("(prefers-color-scheme: dark)");
  // The longest run file, in bytes, and what is said of a longer one.
  const TEXT_BYTES_MOST = 1 << 20;
  const TOO_LONG = { en: "This file is too long for a run.", ko: "실행 기록으로 열기에는 너무 긴 파일입니다." };

  // A run file as a fragment, as boot.js reads it; of one that is too long no more is fetched. Of a link only the fragment counts: no page
  // but the one beside this script is framed.
  const fragment = async (src, lang) => {
    if (!src || src.includes("#")) return src.replace(/^[^#]*/, "");
    const file = await fetch(src);
    if (!file.ok) throw new Error(file.status);
    const parts = [];
    const reader = file.body.getReader();
    for (let size = 0; ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      if ((size += value.length) > TEXT_BYTES_MOST) {
        reader.cancel();
        throw new Error(TOO_LONG[lang] ?? TOO_LONG.en);
      }
      parts.push(value);
    }
    const stream = new Blob(parts).stream().pipeThrough(new CompressionStream("deflate-raw"));
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    const code = btoa(bytes.reduce((all, byte) => all + String.fromCharCode(byte), ""));
    return "#1." + code.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };

  customElements.define("ordinal-run", class extends HTMLElement {
    static observedAttributes = ["src", "title", "height"];
    #shadow = this.attachShadow({ mode: "open" });
    #frame;
    #end;

    connectedCallback() {
      const { signal } = (this.#end = new AbortController());
      const tell = () => this.#tell();
      const host = new MutationObserver(tell);
      for (const part of [document.documentElement, document.body]) host.observe(part, { attributes: true });
      signal.onabort = () => host.disconnect();
      dark.addEventListener("change", tell, { signal });
      addEventListener("message", (event) => this.#hear(event), { signal });
      this.style.display ||= "block";
      this.#size();
      this.#open();
    }

    disconnectedCallback() {
      this.#end.abort();
      this.#frame = null;
    }

    attributeChangedCallback(name) {
      if (!this.#frame) return;
      if (name === "src") return this.#open();
      if (name === "title") return (this.#frame.title = this.title);
      this.#size();
      this.#tell();
    }

    #size(height = 0) {
      const given = this.getAttribute("height");
      const found = Math.max(BEGINNING, Math.min(height, innerHeight));
      this.style.height = `${given === "auto" ? found : parseInt(given) || HEIGHT}px`;
    }

    // What the place says where this stands.
    #asked() {
      const themes = [this.closest("[data-theme]")?.dataset.theme, getComputedStyle(this).colorScheme, dark.matches ? "dark" : "light"];
      const theme = themes.find((theme) => theme === "light" || theme === "dark");
      return { theme, lang: this.closest("[lang]")?.lang.split("-")[0] };
    }

    async #open() {
      const src = this.getAttribute("src") ?? "";
      const frame = (this.#frame = document.createElement("iframe"));
      frame.title = this.title || "Ordinal";
      frame.loading = this.getAttribute("loading") ?? "eager";
      frame.style.cssText = "display: block; width: 100%; height: 100%; border: 0";
      const shown = await fragment(src, this.#asked().lang).then((hash) => {
        const { theme, lang } = this.#asked();
        frame.src = `${home.href}?embed&theme=${theme}${lang ? `&lang=${lang}` : ""}${hash}`;
        if (this.style.height === "auto") this.#size();
        return frame;
      }, (why) => this.#instead(`${src}: ${why.message}`));
      // Another run may have been asked for meanwhile, or none.
      if (this.#frame === frame) this.#shadow.replaceChildren(shown);
    }

    // What stands within the element, where no run can be shown, and why not.
    #instead(why) {
      const [place, own, reason] = ["div", "slot", "small"].map((name) => document.createElement(name));
      reason.style.display = "block";
      reason.textContent = why;
      place.append(own, reason);
      this.style.height = "auto";
      return place;
    }

    // Only a page that has said that it is there is told anything.
    #tell() {
      if (!this.#frame?.here) return;
      const fit = this.getAttribute("height") === "auto";
      this.#frame.contentWindow.postMessage({ ordinal: 1, fit, ...this.#asked() }, home.origin);
    }

    #hear({ source, data }) {
      if (source !== this.#frame?.contentWindow || data?.ordinal !== 1) return;
      if (data.height > this.offsetHeight) return this.#size(data.height);
      this.#frame.here = true;
      this.#tell();
    }
  });
}
