// Recording a voice message. Tap to begin, and the bar offers to throw away, to listen or to send; or hold the button, slide
// away to throw it away, and let go to send.

import { csrfToken } from "./requests.js";
import { toast } from "./toast.js";

const TYPES = ["audio/mp4", "audio/webm;codecs=opus", "audio/ogg;codecs=opus"];
const HELD = 450; // ms
const AWAY = 80; // px
const LAST_SECONDS = 10;

// `done` gets the id of the upload.
export async function record(form, button, press, done) {
  const words = form.querySelector("[data-recorder]").dataset;
  const most = Number(words.seconds);
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return toast(words.absent, { level: "error" });
  let microphone;
  try {
    microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch (error) {
    return toast(error.name === "NotFoundError" ? words.absent : words.refused, { level: "error" });
  }
  const bar = form.querySelector("[data-recorder]");
  const parts = Object.fromEntries([...bar.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
  const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
  const recorder = new MediaRecorder(microphone, type ? { mimeType: type } : {});
  const pieces = [];
  const began = performance.now();
  const listening = new AbortController();
  const { signal } = listening;
  const meter = loudness(microphone);
  let recorded = null;
  let player = null;
  let sends = false;
  let drawn = 0;

  recorder.addEventListener("dataavailable", ({ data }) => data.size && pieces.push(data));
  recorder.addEventListener("stop", () => {
    microphone.getTracks().forEach((track) => track.stop());
    meter.close();
    cancelAnimationFrame(drawn);
    recorded = new Blob(pieces, { type: recorder.mimeType });
    bar.dataset.state = "recorded";
    if (sends) upload();
  });
  recorder.start(250);
  form.dataset.recording = "";
  bar.hidden = false;
  bar.dataset.state = "recording";
  show();
  parts.send.focus();

  parts.discard.addEventListener("click", close, { signal });
  parts.stop.addEventListener("click", () => stop(), { signal });
  parts.play.addEventListener("click", listen, { signal });
  parts.send.addEventListener("click", () => (recorded ? upload() : ((sends = true), stop())), { signal });
  bar.addEventListener("keydown", ({ key }) => key === "Escape" && close(), { signal });
  if (press?.down) hold();

  function hold() {
    const gone = ({ clientX, clientY }) => Math.hypot(clientX - press.x, clientY - press.y) > AWAY;
    addEventListener("pointermove", (event) => bar.classList.toggle("away", gone(event)), { signal });
    addEventListener(
      "pointerup",
      (event) => {
        bar.classList.remove("away");
        if (performance.now() - began < HELD) return; // a tap: the bar stays
        if (gone(event)) return close();
        sends = true;
        stop();
      },
      { signal, once: true },
    );
  }

  function show() {
    const seconds = (performance.now() - began) / 1000;
    const left = Math.ceil(most - seconds);
    parts.time.textContent = left <= LAST_SECONDS ? words.left.replace("%s", left) : clock(seconds);
    parts.level.value = meter.level();
    if (seconds >= most) return stop();
    drawn = requestAnimationFrame(show);
  }

  function stop() {
    if (recorder.state !== "inactive") recorder.stop();
  }

  function listen() {
    player ??= new Audio(URL.createObjectURL(recorded));
    if (player.paused) player.play();
    else player.pause();
  }

  function close() {
    pieces.length = 0;
    sends = false;
    player?.pause();
    listening.abort();
    stop();
    bar.hidden = true;
    delete form.dataset.recording;
    button.focus();
  }

  function upload() {
    bar.dataset.state = "sending";
    player?.pause();
    const body = new FormData();
    body.append("kind", "voice");
    body.append("file", recorded, "voice");
    const request = new XMLHttpRequest();
    request.open("POST", form.dataset.uploadUrl);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.upload.onprogress = ({ loaded, total }) => (parts.level.value = loaded / total);
    request.onload = () => {
      if (request.status >= 300) return fail();
      done(JSON.parse(request.responseText).id);
      close();
    };
    request.onerror = fail;
    request.send(body);
  }

  function fail() {
    bar.dataset.state = "recorded"; // it is still here, and can be sent again
    toast(words.failed, { level: "error" });
  }
}

function loudness(microphone) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  context.createMediaStreamSource(microphone).connect(analyser);
  const samples = new Uint8Array(analyser.fftSize);
  return {
    level() {
      analyser.getByteTimeDomainData(samples);
      return Math.min(1, Math.max(...samples.map((sample) => Math.abs(sample - 128))) / 90);
    },
    close: () => context.close(),
  };
}

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
