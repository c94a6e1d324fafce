// Where the map looks: centre and zoom are always set, so that a refresh never moves the user's view.

const EASE_MS = 600;
const TILE = 512;

const mercatorX = (lon) => (lon + 180) / 360;
const mercatorY = (lat) => (1 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / Math.PI) / 2;
const latitude = (y) => (Math.atan(Math.exp((1 - 2 * y) * Math.PI)) * 360) / Math.PI - 90;

/** Centre and zoom that show a box [west, south, east, north] inside a size less its padding, px. */
export function fitted(box, size, padding, greatest = 17) {
  const [x0, x1] = [mercatorX(box[0]), mercatorX(box[2])];
  const [y0, y1] = [mercatorY(box[3]), mercatorY(box[1])];
  const wide = Math.max(size.width - padding.left - padding.right, 40);
  const high = Math.max(size.height - padding.top - padding.bottom, 40);
  const scale = Math.min(wide / Math.max(x1 - x0, 1e-9), high / Math.max(y1 - y0, 1e-9)) / TILE;
  const zoom = Math.min(Math.log2(scale), greatest);
  const world = TILE * 2 ** zoom;
  const x = (x0 + x1) / 2 + (padding.right - padding.left) / 2 / world;
  const y = (y0 + y1) / 2 + (padding.bottom - padding.top) / 2 / world;
  return { center: [x * 360 - 180, latitude(y)], zoom };
}

export function calm() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Go to a camera in 600 ms; at once where less motion is wanted. */
export function glide(map, camera) {
  map.easeTo({ ...camera, duration: calm() ? 0 : EASE_MS, easing: eased, essential: true });
}

/** cubic-bezier(.2, 0, 0, 1). Source: design tokens, motion.easing. */
function eased(share) {
  let t = share;
  for (let round = 0; round < 6; round += 1) {
    const x = 3 * (1 - t) ** 2 * t * 0.2 + t ** 3 - share;
    const slope = 3 * (1 - t) ** 2 * 0.2 - 6 * (1 - t) * t * 0.2 + 3 * t ** 2;
    if (Math.abs(slope) < 1e-6) break;
    t = Math.min(1, Math.max(0, t - x / slope));
  }
  return 3 * (1 - t) * t ** 2 + t ** 3;
}
