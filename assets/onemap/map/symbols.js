// Draws the small pictures of the map: hatch, diamonds, triangles, in the colours of a theme.

import { colorOf } from "./colors.js";

const RATIO = 2;
export const BASE = { diamond: 20, triangle: 12 };

function canvas(width, height) {
  const made = document.createElement("canvas");
  made.width = width * RATIO;
  made.height = height * RATIO;
  const pen = made.getContext("2d", { willReadFrequently: true });
  pen.scale(RATIO, RATIO);
  return { made, pen };
}

function taken({ made, pen }) {
  return pen.getImageData(0, 0, made.width, made.height);
}

/** Stripes at 45 degrees, 6 px apart, that join at the edges of the picture. */
export function hatch(color) {
  const side = 17;
  const drawn = canvas(side, side);
  const { pen } = drawn;
  pen.strokeStyle = color;
  pen.lineWidth = 2.6;
  const step = side / 2;
  for (let at = -2; at <= 4; at += 1) {
    pen.beginPath();
    pen.moveTo(at * step - side, side + 0.001);
    pen.lineTo(at * step + side, -side + 0.001);
    pen.stroke();
  }
  return taken(drawn);
}

function diamond(fill, stroke) {
  const half = BASE.diamond;
  const drawn = canvas(half * 2 + 6, half * 2 + 6);
  const { pen } = drawn;
  pen.translate(half + 3, half + 3);
  path(pen, [[0, -half], [half, 0], [0, half], [-half, 0]]);
  paint(pen, fill, stroke, 2.4);
  return taken(drawn);
}

function triangle(fill, stroke) {
  const half = BASE.triangle;
  const drawn = canvas(half * 2 + 8, half * 2 + 8);
  const { pen } = drawn;
  pen.translate(half + 4, half + 4.5);
  path(pen, [[0, -half], [half, half * 0.8], [-half, half * 0.8]]);
  paint(pen, fill, stroke, 2.6);
  return taken(drawn);
}

function path(pen, corners) {
  pen.beginPath();
  corners.forEach(([x, y], at) => (at ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.closePath();
}

function paint(pen, fill, stroke, width) {
  pen.lineJoin = "round";
  pen.fillStyle = fill;
  pen.fill();
  pen.strokeStyle = stroke;
  pen.lineWidth = width;
  pen.stroke();
}

/** Fill, outline and text colour of a class of a diamond or triangle layer. */
export function inks(config, one, theme) {
  const [color, ink, paper] = [one.color, "ink", "paper"].map((token) => colorOf(config, token, theme));
  if (!one.filled) return { fill: paper, stroke: color, text: color };
  const isInk = one.color === "ink";
  return { fill: color, stroke: isInk ? paper : ink, text: isInk ? (theme === "dark" ? "#B0260A" : paper) : "#FFFFFF" };
}

/** Put every picture of a theme on the map, or change those that are there. */
export function putSymbols(map, config, theme) {
  const put = (name, picture) => {
    if (map.hasImage(name)) map.updateImage(name, picture);
    else map.addImage(name, picture, { pixelRatio: RATIO });
  };
  put("hatch", hatch(colorOf(config, "cov-never", theme)));
  for (const layer of config.layers) {
    if (layer.shape !== "diamond" && layer.shape !== "triangle") continue;
    for (const one of layer.classes) {
      const { fill, stroke } = inks(config, one, theme);
      put(`${layer.name}-${one.key}`, (layer.shape === "diamond" ? diamond : triangle)(fill, stroke));
    }
  }
}
