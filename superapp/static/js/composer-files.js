// Files chosen for a message: uploaded at once, each with its progress, so that sending only names them. Photos go together
// into one message, videos and other files into one of their own each.

import { csrfToken, send } from "./requests.js";

const PHOTOS_MOST = 9;
const FILES_MOST = 20;
const MARKS = { video: "▶", file: "📄" };

export class Files {
  constructor(form, changed) {
    this.tray = form.querySelector("[data-tray]");
    this.pattern = form.querySelector("template[data-photo-template]");
    this.url = form.dataset.uploadUrl;
    this.changed = changed;
    this.files = [];
    for (const [name, as] of [["photos", null], ["files", "file"]]) {
      const input = form.elements[name];
      input?.addEventListener("change", () => {
        this.add(input.files, as);
        input.value = "";
        form.querySelector(".composer-panel")?.hidePopover?.();
      });
    }
  }

  get busy() {
    return this.files.some((file) => !file.id && !file.failed);
  }

  get ready() {
    return this.files.filter((file) => file.id);
  }

  // What is to be sent: the words go with the first.
  messages(words) {
    const photos = this.ready.filter((file) => file.kind === "image");
    const parts = this.ready
      .filter((file) => file.kind !== "image")
      .map((file) => ({ kind: file.kind, uploads: [file.id], label: `${MARKS[file.kind]} ${file.name}` }));
    if (photos.length)
      parts.unshift({ kind: "image", uploads: photos.map((photo) => photo.id), previews: photos.map((photo) => photo.preview) });
    if (!parts.length && words) parts.push({ kind: "text", uploads: [] });
    return parts.map((part, number) => ({ ...part, text: number ? "" : words }));
  }

  add(files, as = null) {
    for (const file of [...files].slice(0, FILES_MOST - this.files.length)) {
      const kind = as ?? kindOf(file);
      const photos = this.files.filter((other) => other.kind === "image").length;
      this.upload(file, kind === "image" && photos >= PHOTOS_MOST ? "file" : kind);
    }
    this.update();
  }

  upload(blob, kind) {
    const chip = this.pattern.content.firstElementChild.cloneNode(true);
    const file = { chip, kind, name: blob.name, preview: URL.createObjectURL(blob), id: null, failed: false };
    chip.dataset.kind = kind;
    if (kind === "image") chip.querySelector("img").src = file.preview;
    else {
      chip.querySelector("img").remove();
      chip.querySelector("[data-alt]").remove();
      chip.querySelector("[data-name]").textContent = blob.name;
    }
    this.files.push(file);
    this.tray.append(chip);

    const body = new FormData();
    body.append("kind", kind);
    body.append("file", blob);
    const request = new XMLHttpRequest(); // fetch tells nothing of what has been sent so far
    request.open("POST", this.url);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.upload.onprogress = ({ loaded, total }) => (chip.querySelector("progress").value = loaded / total);
    request.onerror = () => this.fail(file, "");
    request.onload = () => {
      const answer = parse(request.responseText);
      if (request.status >= 300) return this.fail(file, answer.errors?.file ?? answer.detail);
      file.id = answer.id;
      chip.dataset.state = "ready";
      this.update();
    };
    request.send(body);
    chip.querySelector("[data-remove]").addEventListener("click", () => {
      request.abort();
      this.files = this.files.filter((other) => other !== file);
      chip.remove();
      this.update();
    });
    chip.querySelector("[data-alt]")?.addEventListener("change", ({ target }) => this.describe(file, target.value));
  }

  describe(photo, alt) {
    if (!photo.id) return;
    const headers = { "Content-Type": "application/json" };
    send(`${this.url}${photo.id}/`, { method: "PATCH", headers, body: JSON.stringify({ alt }) }).catch(() => {});
  }

  fail(file, sentence) {
    file.failed = true;
    file.chip.dataset.state = "failed";
    if (sentence) file.chip.querySelector("[data-why]").textContent = sentence;
    this.update();
  }

  clear() {
    this.files = [];
    this.tray.replaceChildren();
    this.update();
  }

  update() {
    this.tray.hidden = !this.files.length;
    this.changed();
  }
}

const PHOTO = /^image\/(jpeg|png|webp|gif|heic|heif)$/;

function kindOf(file) {
  if (PHOTO.test(file.type) || /\.hei[cf]$/i.test(file.name)) return "image";
  return file.type.startsWith("video/") ? "video" : "file";
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
