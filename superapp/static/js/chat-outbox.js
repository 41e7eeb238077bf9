// Messages on their way. They are kept in this browser until the server has them, so that neither a lost connection nor
// a closed page loses one; every attempt carries the same client_id, so that none arrives twice.

import { live } from "./live.js";
import { send } from "./requests.js";
import { word } from "./words.js";

// Each has a place of its own in the storage: tabs that write at the same moment take nothing from one another.
const lock = `outbox:${document.body.dataset.user}`;
const prefix = `${lock}:`;
const RETRY_AFTER = 5000;
let flushing = false;
let latest = 0;
let timer;

export function queued(conversation) {
  return all().filter((item) => item.conversation === conversation);
}

export function enqueue(item) {
  latest = Math.max(Date.now(), latest + 1);
  put({ ...item, at: latest });
  flush();
}

export function retry(clientId) {
  const item = get(prefix + clientId);
  if (item) put({ ...item, failed: "" });
  flush();
}

export function discard(clientId) {
  localStorage.removeItem(prefix + clientId);
}

export async function flush() {
  if (flushing) return;
  flushing = true;
  clearTimeout(timer);
  try {
    await exclusively(async () => {
      for (let item = next(); item; item = next()) await settle(item);
    });
  } catch {
    timer = setTimeout(flush, RETRY_AFTER); // the network is away: everything stays queued, in order
  } finally {
    flushing = false;
  }
}

// Only one tab empties the queue at a time, so that messages keep the order in which they were written.
function exclusively(work) {
  return navigator.locks ? navigator.locks.request(lock, work) : work();
}

// What was refused waits for its writer; what comes after it goes on.
const next = () => all().find((item) => !item.failed);

async function settle(item) {
  const answer = await deliver(item);
  if (answer.refused) {
    if (get(prefix + item.client_id)) put({ ...item, failed: answer.refused });
    announce("outbox:failed", { ...item, failed: answer.refused });
  } else {
    discard(item.client_id);
    announce("outbox:sent", { ...item, seq: answer.seq });
  }
}

async function deliver({ quote, failed, at, label, ...message }) {
  if (!message.uploads?.length) {
    try {
      return await live.send({ type: "message.send", ...message });
    } catch (error) {
      if (error.code !== "offline" && error.code !== "timeout") return { refused: sentence(error) };
    }
  }
  const response = await send(`/api/v1/conversations/${message.conversation}/messages/`, {
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(message),
  });
  if (response.status >= 500) throw new Error("unavailable");
  const body = await response.json();
  return response.ok ? { seq: body.seq } : { refused: sentence(body) };
}

const sentence = ({ errors, detail }) => Object.values(errors ?? {}).flat().join(" ") || detail || word("failed");

function announce(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

function all() {
  const kept = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  return kept.map(get).filter(Boolean).sort((one, other) => one.at - other.at);
}

function get(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function put(item) {
  localStorage.setItem(prefix + item.client_id, JSON.stringify(item));
}

// An earlier version kept all of them in one place.
for (const item of get(lock) ?? []) put({ at: (latest += 1), ...item });
localStorage.removeItem(lock);

addEventListener("online", flush);
document.addEventListener("live:hello", flush);
if (all().length) flush();
