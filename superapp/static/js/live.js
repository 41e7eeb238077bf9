// The one socket of a page. Frames arrive as `live:<type>` events on document; `live.send(frame)` answers with the
// acknowledgement, or rejects with { code, detail }. What is lost while away is fetched by whoever shows it, on `live:hello`.
const SIGNED_OUT = 4401;
const ACK_WAIT = 15_000;
const BAR_AFTER = 3_000;
const CONNECT_WAIT = 15_000;
const PONG_WAIT = 10_000;
const PROBE_WAIT = 2_000; // after the network changed under an open socket, which may be dead without knowing it

const waiting = new Map(); // ref → { resolve, reject, timer }
const bar = document.getElementById("offline-bar");
let socket = null;
let attempts = 0;
let counter = 0;
let heartbeat = 25;
let retry, barTimer, pulse, silence;
let leaving = false;

const tell = (type, detail) => document.dispatchEvent(new CustomEvent(`live:${type}`, { detail }));

function showBar(soon) {
  clearTimeout(barTimer);
  barTimer = setTimeout(() => bar && (bar.hidden = leaving), soon ? 0 : BAR_AFTER);
}

function hideBar() {
  clearTimeout(barTimer);
  if (bar) bar.hidden = true;
}

function heard() {
  clearTimeout(silence);
  clearTimeout(pulse);
  pulse = setTimeout(probe, heartbeat * 1000, PONG_WAIT);
}

// Any frame within `wait` proves the connection; without one it is given up at once, not when its closing handshake ends.
function probe(wait) {
  if (socket?.readyState === WebSocket.OPEN) socket.send('{"type":"ping"}');
  giveUpAfter(wait);
}

function giveUpAfter(wait) {
  clearTimeout(silence);
  silence = setTimeout(() => {
    const dead = socket;
    if (!dead) return;
    closed({ code: 1006, target: dead });
    dead.close();
  }, wait);
}

function settle(frame) {
  const wait = waiting.get(frame.ref);
  if (!wait) return;
  waiting.delete(frame.ref);
  clearTimeout(wait.timer);
  if (frame.type === "ack") wait.resolve(frame);
  else wait.reject(frame);
}

function receive({ data, target }) {
  if (target !== socket) return;
  heard();
  const frame = JSON.parse(data);
  if (frame.type === "hello") {
    attempts = 0;
    heartbeat = Math.min(frame.heartbeat ?? heartbeat, 60);
    live.connected = true;
    hideBar();
  }
  if (frame.type === "heartbeat") socket.send('{"type":"ping"}'); // who keeps silent for two beats is cut off (4408)
  if (frame.type === "ack" || frame.type === "error") settle(frame);
  tell(frame.type, frame);
}

function closed({ code, target }) {
  if (target !== socket) return; // given up before
  live.connected = false;
  socket = null;
  clearTimeout(pulse);
  clearTimeout(silence);
  for (const ref of [...waiting.keys()]) settle({ type: "error", ref, code: "offline", detail: "" });
  tell("closed", { code });
  if (leaving) return;
  if (code === SIGNED_OUT) {
    location.assign(`/account/login/?next=${encodeURIComponent(location.pathname)}`);
    return;
  }
  showBar(!navigator.onLine);
  const longest = Math.min(30, 2 ** attempts++) * 1000;
  clearTimeout(retry);
  retry = setTimeout(live.connect, Math.max(250, Math.random() * longest));
}

export const live = {
  connected: false,

  connect() {
    if (socket) return;
    clearTimeout(retry);
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/`);
    socket.addEventListener("open", heard);
    socket.addEventListener("message", receive);
    socket.addEventListener("close", closed);
    giveUpAfter(CONNECT_WAIT);
    showBar(!navigator.onLine);
  },

  send(frame) {
    if (!live.connected) return Promise.reject({ code: "offline", detail: "" });
    const ref = frame.ref ?? `r${++counter}`;
    return new Promise((resolve, reject) => {
      const late = () => settle({ type: "error", ref, code: "timeout", detail: "" });
      waiting.set(ref, { resolve, reject, timer: setTimeout(late, ACK_WAIT) });
      socket.send(JSON.stringify({ ...frame, ref }));
    });
  },

  // For frames that nobody acknowledges: read, typing.
  tell(frame) {
    if (live.connected) socket.send(JSON.stringify(frame));
  },
};

const again = () => {
  attempts = 0;
  if (socket) probe(PROBE_WAIT);
  else live.connect();
};
addEventListener("online", again);
addEventListener("offline", () => showBar(true));
addEventListener("pagehide", () => {
  leaving = true;
  socket?.close();
});
addEventListener("pageshow", (event) => {
  leaving = false;
  if (event.persisted) again();
});
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && again());
