// Photos chosen for a message: uploaded at once, each with its progress, so that sending only names them.

import { csrfToken, send } from "./requests.js";

const MOST = 9;

export class Photos {
  constructor(form, changed) {
    this.tray = form.querySelector("[data-tray]");
    this.pattern = form.querySelector("template[data-photo-template]");
    this.input = form.elements.photos;
    this.url = form.dataset.uploadUrl;
    this.changed = changed;
    this.photos = [];
    this.input.addEventListener("change", () => {
      this.add(this.input.files);
      this.input.value = "";
      form.querySelector("[popover]")?.hidePopover?.();
    });
  }

  get busy() {
    return this.photos.some((photo) => !photo.id && !photo.failed);
  }

  get ready() {
    return this.photos.filter((photo) => photo.id);
  }

  get previews() {
    return this.ready.map((photo) => photo.preview);
  }

  add(files) {
    for (const file of [...files].filter((file) => file.type.startsWith("image/")).slice(0, MOST - this.photos.length))
      this.upload(file);
    this.update();
  }

  upload(file) {
    const chip = this.pattern.content.firstElementChild.cloneNode(true);
    const photo = { chip, preview: URL.createObjectURL(file), id: null, failed: false };
    chip.querySelector("img").src = photo.preview;
    this.photos.push(photo);
    this.tray.append(chip);

    const body = new FormData();
    body.append("file", file);
    const request = new XMLHttpRequest(); // fetch tells nothing of what has been sent so far
    request.open("POST", this.url);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.upload.onprogress = ({ loaded, total }) => (chip.querySelector("progress").value = loaded / total);
    request.onerror = () => this.fail(photo, "");
    request.onload = () => {
      const answer = parse(request.responseText);
      if (request.status >= 300) return this.fail(photo, answer.errors?.file ?? answer.detail);
      photo.id = answer.id;
      chip.dataset.state = "ready";
      this.update();
    };
    request.send(body);
    chip.querySelector("[data-remove]").addEventListener("click", () => {
      request.abort();
      this.photos = this.photos.filter((other) => other !== photo);
      chip.remove();
      this.update();
    });
    chip.querySelector("[data-alt]").addEventListener("change", ({ target }) => this.describe(photo, target.value));
  }

  describe(photo, alt) {
    if (!photo.id) return;
    const headers = { "Content-Type": "application/json" };
    send(`${this.url}${photo.id}/`, { method: "PATCH", headers, body: JSON.stringify({ alt }) }).catch(() => {});
  }

  fail(photo, sentence) {
    photo.failed = true;
    photo.chip.dataset.state = "failed";
    if (sentence) photo.chip.querySelector("[data-why]").textContent = sentence;
    this.update();
  }

  clear() {
    this.photos = [];
    this.tray.replaceChildren();
    this.update();
  }

  update() {
    this.tray.hidden = !this.photos.length;
    this.changed();
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
