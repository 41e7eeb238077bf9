// Photos are sent as soon as they are chosen, each with its progress; the form then only names them, in order.
import { csrfToken, send } from "./requests.js";
import { toast } from "./toast.js";

export default function uploadPhotos(picker) {
  const tiles = picker.querySelector("[data-tiles]");
  const add = picker.querySelector(".photo-add");
  const input = add.querySelector("input[type=file]");
  const pattern = picker.querySelector("template[data-tile]");
  const editor = picker.querySelector(".photo-editor");
  const form = picker.closest("form");
  const most = Number(picker.dataset.max);
  const all = () => [...tiles.querySelectorAll(".photo-tile")];
  let edited = null;

  picker.classList.add("ready");
  const settle = () => (add.hidden = all().length >= most);

  function take(files) {
    const pictures = [...files].filter((file) => file.type.startsWith("image/") || /\.hei[cf]$/i.test(file.name));
    pictures.slice(0, most - all().length).forEach(upload);
    settle();
  }

  function upload(file) {
    const tile = pattern.content.firstElementChild.cloneNode(true);
    const image = tile.querySelector("img");
    image.src = URL.createObjectURL(file);
    image.addEventListener("error", () => (image.hidden = true), { once: true }); // HEIC, which few browsers draw
    add.before(tile);
    const body = new FormData();
    body.append("file", file);
    const request = new XMLHttpRequest(); // fetch tells nothing of what has been sent so far
    request.open("POST", picker.dataset.url);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.upload.onprogress = ({ loaded, total }) => (tile.querySelector("progress").value = loaded / total);
    request.onerror = () => fail(tile, picker.dataset.failed);
    request.onload = () => {
      const answer = parse(request.responseText);
      if (request.status >= 300) return fail(tile, answer.errors?.file ?? answer.detail ?? picker.dataset.failed);
      tile.querySelector("[name=uploads]").value = answer.id;
      tile.dataset.state = "ready";
      if (image.hidden) Object.assign(image, { hidden: false, src: answer.variants.thumb });
    };
    tile.request = request;
    request.send(body);
  }

  function fail(tile, sentence) {
    tile.dataset.state = "failed";
    tile.querySelector("[name=uploads]").disabled = true;
    tile.querySelector(".photo-tile-error").textContent = sentence;
  }

  function remove(tile) {
    tile.request?.abort();
    tile.remove();
    settle();
  }

  input.addEventListener("change", () => {
    take(input.files);
    input.value = "";
  });
  tiles.addEventListener("click", (event) => {
    const tile = event.target.closest("[data-edit]")?.closest(".photo-tile");
    if (!tile) return;
    if (tile.dataset.state === "failed") return remove(tile);
    edited = tile;
    editor.querySelector(".photo-editor-picture").src = tile.querySelector("img").src;
    editor.querySelector("[data-alt-text]").value = tile.querySelector("[name=uploads]").dataset.alt;
    editor.showModal();
  });
  editor.addEventListener("click", (event) => {
    const action = event.target.closest("[data-remove], [data-move], [data-done]");
    if (!action) return;
    if (action.dataset.move === "-1") edited.previousElementSibling?.before(edited);
    else if (action.dataset.move === "1" && edited.nextElementSibling !== add) edited.nextElementSibling.after(edited);
    else editor.close();
    if ("remove" in action.dataset) remove(edited);
  });
  editor.addEventListener("close", () => {
    const field = edited?.querySelector("[name=uploads]");
    const alt = editor.querySelector("[data-alt-text]").value.trim();
    if (!field?.value || !edited.isConnected || alt === field.dataset.alt) return;
    field.dataset.alt = alt;
    edited.querySelector("img").alt = alt;
    const headers = { "Content-Type": "application/json" };
    send(`${picker.dataset.url}${field.value}/`, { method: "PATCH", headers, body: JSON.stringify({ alt }) }).catch(() => {});
  });

  // Reordering by hand, and dropping or pasting pictures from outside.
  let dragged = null;
  tiles.addEventListener("dragstart", (event) => {
    dragged = event.target.closest(".photo-tile");
    dragged?.classList.add("dragged");
  });
  tiles.addEventListener("dragend", () => {
    dragged?.classList.remove("dragged");
    dragged = null;
  });
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    const over = event.target.closest(".photo-tile");
    picker.classList.toggle("over", !dragged);
    if (!dragged || !over || over === dragged) return;
    const after = all().indexOf(dragged) < all().indexOf(over);
    over[after ? "after" : "before"](dragged);
  });
  form.addEventListener("dragleave", () => picker.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    picker.classList.remove("over");
    if (!dragged) take(event.dataTransfer.files);
  });
  form.addEventListener("paste", (event) => event.clipboardData.files.length && take(event.clipboardData.files));
  form.addEventListener(
    "submit",
    (event) => {
      if (!all().some((tile) => tile.dataset.state === "sending")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      toast(picker.dataset.wait);
    },
    true,
  );
  settle();
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
