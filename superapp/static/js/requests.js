// Every request of htmx carries the CSRF token; a refusal that names a target is shown there; a failure is never silent.
import { toast } from "./toast.js";
import { word } from "./words.js";

const cookieName = document.querySelector('meta[name="csrf-cookie"]')?.content ?? "csrf";

export function csrfToken() {
  const pair = document.cookie.split("; ").find((cookie) => cookie.startsWith(`${cookieName}=`));
  const field = document.querySelector("input[name=csrfmiddlewaretoken]");
  return pair ? decodeURIComponent(pair.slice(cookieName.length + 1)) : (field?.value ?? "");
}

// fetch() for our own modules: same origin, with the token.
export function send(url, options = {}) {
  const headers = { "X-CSRFToken": csrfToken(), "X-Requested-With": "fetch", ...options.headers };
  return fetch(url, { method: "POST", credentials: "same-origin", ...options, headers });
}

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  // Signed out meanwhile: the answer is the sign-in page, which belongs into the window and not into a fragment.
  if (new URL(detail.xhr.responseURL || location.href).pathname === "/account/login/") {
    detail.shouldSwap = false;
    location.assign(`/account/login/?next=${encodeURIComponent(location.pathname)}`);
    return;
  }
  if (detail.xhr.getResponseHeader("HX-Retarget") || detail.xhr.status === 422) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});

const failed = ({ detail }) => {
  if (detail.xhr?.status === 401) return location.reload();
  toast(word("failed"), { level: "error" });
};
document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:timeout", failed);

const bar = document.getElementById("page-progress");
let waiting = 0;
const busy = (change) => bar?.classList.toggle("busy", (waiting = Math.max(0, waiting + change)) > 0);
document.addEventListener("htmx:beforeRequest", () => busy(1));
document.addEventListener("htmx:afterRequest", () => busy(-1));
