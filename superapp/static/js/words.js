// The sentences that scripts say, in the page's language (from base.html).
const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

export const word = (name) => words[name] ?? name;
