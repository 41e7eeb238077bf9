// Reads a code with the camera or from a picture, where the browser can. Only what lies on this site is opened.
const EVERY = 250;

export default function scan(root) {
  if (!("BarcodeDetector" in window)) return;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const video = root.querySelector("video");
  const word = root.querySelector("[data-word]");
  root.hidden = false;
  document.querySelector("[data-no-scanner]")?.remove();

  const open = (text) => {
    const link = URL.canParse(text) ? new URL(text) : null;
    if (link?.origin !== location.origin) {
      word.textContent = root.dataset.foreign;
      return false;
    }
    stop();
    location.assign(link.pathname + link.search);
    return true;
  };

  const look = async (source) => {
    const [code] = await detector.detect(source).catch(() => []);
    return code ? open(code.rawValue) : null;
  };

  const stop = () => video.srcObject?.getTracks().forEach((track) => track.stop());

  const watch = async () => {
    if (!root.isConnected) return stop();
    if ((await look(video)) !== true) setTimeout(watch, EVERY);
  };

  root.querySelector("[data-picture]").addEventListener("change", async ({ target }) => {
    if (!target.files[0]) return;
    const picture = await createImageBitmap(target.files[0]).catch(() => null);
    if (!picture || (await look(picture)) === null) word.textContent = root.dataset.nothing;
    target.value = "";
  });

  addEventListener("pagehide", stop);
  navigator.mediaDevices
    ?.getUserMedia({ video: { facingMode: "environment" } })
    .then((stream) => {
      video.srcObject = stream;
      return video.play();
    })
    .then(watch)
    .catch(() => {
      video.hidden = true;
      word.textContent = root.dataset.noCamera;
    }) ?? (word.textContent = root.dataset.noCamera);
}
