// More inputs for options, up to as many as a poll has.

export default function pollForm(form) {
  const list = form.querySelector("[data-options]");
  const more = form.querySelector("[data-more]");
  const update = () => (more.hidden = list.children.length >= Number(form.dataset.most));
  more.addEventListener("click", () => {
    const input = list.lastElementChild.cloneNode();
    const label = input.placeholder.replace(/[\d٠-٩]+/, list.children.length + 1);
    Object.assign(input, { value: "", placeholder: label, ariaLabel: label });
    list.append(input);
    input.focus();
    update();
  });
  update();
}
