// Shows the chosen picture in place of the present one, before it is sent.
export default function picturePreview(element) {
  const input = element.querySelector("input[type=file]");
  const place = element.querySelector("[data-preview]");
  const before = [...place.childNodes];
  let address = null;

  input.addEventListener("change", () => {
    if (address) URL.revokeObjectURL(address);
    address = input.files[0] ? URL.createObjectURL(input.files[0]) : null;
    if (!address) return place.replaceChildren(...before);
    const picture = Object.assign(new Image(), { src: address, alt: "", className: "avatar avatar-xl" });
    picture.addEventListener("error", () => place.replaceChildren(...before)); // such as HEIC, which few browsers draw
    place.replaceChildren(picture);
  });
}
