// Says to screen readers what has come, and not more than that: the latest of what others said, once things are still.

const STILL = 700;
const HEARD = 1500;

export function announcer(root) {
  const place = root.querySelector("[data-announce]");
  let timer;
  return (rows) => {
    const row = rows.findLast((one) => one.dataset.id && !one.matches(".mine"));
    if (!row || document.hidden) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!row.isConnected) return; // it has changed since
      const said = row.querySelector(".bubble-text")?.textContent.trim().slice(0, 200);
      place.textContent = row.dataset.summary ?? `${row.dataset.name}: ${said ?? ""}`;
      setTimeout(() => (place.textContent = ""), HEARD); // what is taken back stays nowhere
    }, STILL);
  };
}
