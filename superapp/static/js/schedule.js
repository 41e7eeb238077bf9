// To pick a time is to choose it.

export default function schedule(fields) {
  const time = fields.querySelector("[name=send_at]");
  time.addEventListener("input", () => (fields.querySelector("[value=own]").checked = true));
}
