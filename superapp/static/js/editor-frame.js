// Runs before the rich text editor does, and makes it at home under our rules.

// The editor adds a <style> of its own unless it finds one, and the content security policy would refuse it. The same
// rules are in article-editor.css; this element stands where it looks, and is no style sheet.
const standIn = document.createElementNS("urn:superapp:none", "style");
standIn.setAttribute("data-tiptap-style", "");
document.head.append(standIn);

document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
  editor.view.dom.setAttribute("aria-label", textarea.placeholder);
  editor.view.dom.setAttribute("dir", "auto");
});

// What has been written is not lost by leaving the page by mistake.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("article-form");
  form?.elements.title.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault(); // a title is one line; the next is the text
    form.querySelector(".ProseMirror[contenteditable]")?.focus();
  });
  let changed = false;
  form?.addEventListener("input", () => (changed = true));
  form?.addEventListener("submit", () => (changed = false));
  addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
});
