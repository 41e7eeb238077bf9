// Blurhash (https://blurha.sh) to a small canvas, which the page stretches.
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
const EDGE = 24;

const number = (text) => [...text].reduce((value, digit) => value * 83 + DIGITS.indexOf(digit), 0);
const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
const shown = (value) => {
  const inside = Math.max(0, Math.min(1, value));
  return Math.round((inside <= 0.0031308 ? inside * 12.92 : 1.055 * inside ** (1 / 2.4) - 0.055) * 255);
};
const signed = (value) => Math.sign(value) * value * value;

function colours(hash, count) {
  const most = (number(hash[1]) + 1) / 166;
  const average = number(hash.slice(2, 6));
  const list = [[average >> 16, (average >> 8) & 255, average & 255].map(linear)];
  for (let at = 1; at < count; at++) {
    const value = number(hash.slice(4 + at * 2, 6 + at * 2));
    const parts = [Math.floor(value / 361), Math.floor(value / 19) % 19, value % 19];
    list.push(parts.map((part) => signed((part - 9) / 9) * most));
  }
  return list;
}

export function drawBlurhash(hash) {
  if (!hash || hash.length < 6) return null;
  const across = (number(hash[0]) % 9) + 1;
  const down = Math.floor(number(hash[0]) / 9) + 1;
  if (hash.length !== 4 + 2 * across * down) return null;
  const list = colours(hash, across * down);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = EDGE;
  canvas.setAttribute("aria-hidden", "true");
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(EDGE, EDGE);
  for (let y = 0; y < EDGE; y++) {
    for (let x = 0; x < EDGE; x++) {
      const sum = [0, 0, 0];
      for (let j = 0; j < down; j++) {
        for (let i = 0; i < across; i++) {
          const weight = Math.cos((Math.PI * x * i) / EDGE) * Math.cos((Math.PI * y * j) / EDGE);
          list[i + j * across].forEach((part, colour) => (sum[colour] += part * weight));
        }
      }
      pixels.data.set([...sum.map(shown), 255], (x + y * EDGE) * 4);
    }
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}
