// Addresses of files live for five minutes. The page of the content is asked again; it answers with new ones to those who
// may still see it.

export async function renewed(element, selector, pick) {
  const page = element.closest("[data-refresh]")?.dataset.refresh;
  const row = element.closest("[data-seq]")?.id;
  if (!page) return null;
  const answer = await fetch(page, { credentials: "same-origin" });
  if (!answer.ok) return null;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = (row ? fresh.getElementById(row) : fresh)?.querySelector(selector);
  return found ? pick(found) : null;
}
