// Fills in where this device is, when it is asked to.
import { toast } from "./toast.js";

export default function placeForm(form) {
  const button = form.querySelector("[data-locate]");
  button.hidden = !navigator.geolocation;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.latitude.value = coords.latitude.toFixed(5);
        form.elements.longitude.value = coords.longitude.toFixed(5);
        button.disabled = false;
        form.elements.name.focus();
      },
      (error) => {
        button.disabled = false;
        toast(error.code === error.PERMISSION_DENIED ? form.dataset.refused : form.dataset.absent, { level: "error" });
      },
      { enableHighAccuracy: true, timeout: 15_000 },
    );
  });
}
