// Voice messages: one plays at a time; when it ends, the next one that has not been listened to goes on by itself.

import { renewed } from "./media-address.js";
import { send } from "./requests.js";

const SPEEDS = [1, 1.5, 2];
let current = null;
let speed = Number(localStorage.getItem("voice-speed")) || 1;

export default function voice(root) {
  const button = root.querySelector("[data-play]");
  const seek = root.querySelector("[data-seek]");
  const pace = root.querySelector("[data-speed]");
  const time = root.querySelector("[data-time]");
  const bars = [...root.querySelectorAll("rect")];
  const label = button.getAttribute("aria-label");
  const whole = Number(root.dataset.duration);
  let audio = null;

  const player = { root, play, pause };
  root.voice = player;
  root.dataset.ready = "";

  async function play() {
    if (current && current !== player) current.pause();
    current = player;
    heard(root);
    audio ??= made();
    audio.playbackRate = speed;
    try {
      await audio.play();
    } catch {
      const fresh = await renewed(root, "[data-src]", (found) => found.dataset.src);
      if (!fresh || current !== player) return;
      audio.src = root.dataset.src = fresh; // the address lives for five minutes
      await audio.play().catch(() => {});
    }
  }

  function pause() {
    audio?.pause();
  }

  function made() {
    const fresh = new Audio(root.dataset.src);
    fresh.addEventListener("play", show);
    fresh.addEventListener("pause", show);
    fresh.addEventListener("timeupdate", show);
    fresh.addEventListener("ended", () => {
      fresh.currentTime = 0;
      show();
      following(root)?.voice?.play();
    });
    return fresh;
  }

  function show() {
    const playing = Boolean(audio && !audio.paused);
    const at = audio?.currentTime ?? 0;
    root.classList.toggle("playing", playing);
    button.setAttribute("aria-label", playing ? root.dataset.pause : label);
    pace.hidden = !playing && !at;
    pace.textContent = `${speed}×`;
    time.textContent = clock(at || whole);
    seek.setAttribute("aria-valuenow", Math.round(at));
    bars.forEach((bar, number) => bar.classList.toggle("played", at > 0 && number / bars.length < at / whole));
  }

  function go(to) {
    audio ??= made();
    audio.currentTime = Math.min(Math.max(0, to), whole);
    show();
  }

  button.addEventListener("click", () => (audio && !audio.paused ? pause() : play()));
  pace.addEventListener("click", () => {
    speed = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length];
    localStorage.setItem("voice-speed", speed);
    if (audio) audio.playbackRate = speed;
    show();
  });
  seek.addEventListener("click", (event) => {
    const box = seek.getBoundingClientRect();
    go(((event.clientX - box.left) / box.width) * whole);
  });
  seek.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    go((audio?.currentTime ?? 0) + step);
  });
}

function heard(root) {
  const url = root.dataset.unheard;
  if (!url) return;
  delete root.dataset.unheard;
  root.querySelector(".voice-dot")?.remove();
  send(url).catch(() => {});
}

function following(root) {
  const all = [...document.querySelectorAll('[data-module~="voice"]')];
  return all.slice(all.indexOf(root) + 1).find((other) => other.dataset.unheard);
}

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

// Listened to on another device.
document.addEventListener("live:voice.heard", ({ detail }) => {
  const root = document.querySelector(`#message-${detail.seq} [data-unheard]`);
  if (!root || String(detail.conversation) !== root.closest("[data-conversation]")?.dataset.conversation) return;
  delete root.dataset.unheard;
  root.querySelector(".voice-dot")?.remove();
});
