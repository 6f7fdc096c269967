import type { Palette } from '../colours.ts';
import type { MotifTable } from '../motif.ts';
import { circle, group, line, mirrored, oval, path, rect, repeat } from '../shapes.ts';

const pot = (c: Palette, top = 236): string =>
  path(`M138 ${top} H262 L248 318 H152 Z`, c.main) +
  path(`M138 ${top} H168 L174 318 H152 Z`, c.light) +
  rect(130, top - 14, 140, 24, c.dark, 6);
const blade = (angle: number, height: number, c: Palette, fill = c.leaf): string =>
  group(
    `rotate(${angle} 200 230)`,
    path(`M200 ${232 - height} q26 ${height * 0.5} 0 ${height} q-26 -${height * 0.5} 0 -${height} Z`, fill),
    line(`M200 ${244 - height} V228`, c.leafDark, 3),
  );

/** Plants, seeds and tools. */
export const garden: MotifTable = {
  monstera: (c) =>
    line('M200 230 Q180 170 130 140 M200 230 Q220 160 268 120 M200 230 V100', c.leafDark, 6) +
    group(
      'translate(88 90) rotate(-30 44 50)',
      path('M44 0 Q104 26 88 92 L64 66 L70 104 Q44 116 18 104 L24 66 L0 92 Q-16 26 44 0 Z', c.leaf),
    ) +
    group(
      'translate(224 60) rotate(34 44 50)',
      path('M44 0 Q104 26 88 92 L64 66 L70 104 Q44 116 18 104 L24 66 L0 92 Q-16 26 44 0 Z', c.leafDark),
    ) +
    group(
      'translate(154 34)',
      path('M44 0 Q104 26 88 92 L64 66 L70 104 Q44 116 18 104 L24 66 L0 92 Q-16 26 44 0 Z', c.leaf),
    ) +
    pot(c),
  plant: (c) => repeat(7, (i) => blade(-48 + i * 16, 110 + ((i * 53) % 50), c, i % 2 ? c.leaf : c.leafDark)) + pot(c),
  tree: (c) =>
    line('M200 240 V130 M200 180 L166 140 M200 170 L236 132', c.woodDark, 9) +
    repeat(16, (i) =>
      group(
        `rotate(${(i * 67) % 180} ${130 + ((i * 53) % 142)} ${62 + ((i * 41) % 104)})`,
        oval(130 + ((i * 53) % 142), 62 + ((i * 41) % 104), 26, 11, i % 3 ? '#93a98a' : '#718c6a'),
      ),
    ) +
    circle(168, 122, 6, '#4a4a58') +
    circle(232, 146, 6, '#4a4a58') +
    pot(c),
  herbs: (c) =>
    repeat(3, (i) => {
      const x = 96 + i * 104;
      const leaves = repeat(6, (k) =>
        oval(x + (((k * 31) % 60) - 30), 202 - ((k * 23) % 78), 15, 11, (k + i) % 2 ? c.leaf : c.leafDark),
      );
      return (
        line(`M${x} 246 V140 M${x} 210 L${x - 24} 176 M${x} 200 L${x + 24} 166`, c.leafDark, 4) +
        leaves +
        path(`M${x - 40} 250 H${x + 40} L${x + 30} 316 H${x - 30} Z`, i === 1 ? c.light : c.main) +
        rect(x - 45, 240, 90, 18, c.dark, 5)
      );
    }),
  cactus: (c) =>
    line('M156 202 H132 V152', c.leaf, 24) +
    line('M244 184 H270 V128', c.leaf, 24) +
    rect(166, 82, 68, 170, c.leaf, 34) +
    line('M184 104 V220 M200 96 V224 M216 104 V220', c.leafDark, 4) +
    circle(200, 80, 13, '#df7f8e') +
    circle(270, 114, 8, '#df7f8e') +
    pot(c),
  seeds: (c) =>
    group(
      'rotate(-6 200 200)',
      rect(116, 78, 168, 238, c.main, 8),
      rect(116, 78, 168, 34, c.dark, 8),
      rect(136, 132, 128, 144, c.paper, 8),
      line('M200 262 V196', c.leafDark, 6),
      oval(182, 222, 18, 9, c.leaf),
      oval(218, 212, 18, 9, c.leaf),
      repeat(6, (i) => group(`rotate(${i * 60} 200 178)`, oval(200, 160, 9, 16, c.accent))),
      circle(200, 178, 10, '#e8c26a'),
    ) + repeat(5, (i) => oval(292 + (i % 3) * 16, 296 + Math.floor(i / 3) * 14, 7, 5, c.woodDark)),
  trowel: (c) =>
    group(
      'rotate(32 200 200)',
      rect(182, 48, 36, 120, c.main, 16),
      rect(182, 48, 12, 120, c.light, 8),
      rect(184, 150, 32, 14, '#c9a04e', 3),
      line('M200 166 V206', c.metalDark, 12),
      path('M160 202 H240 Q250 280 200 336 Q150 280 160 202 Z', c.metal),
      path('M160 202 H200 V336 Q150 280 160 202 Z', '#e6eaec'),
    ),
  'watering-can': (c) =>
    line('M250 190 Q352 150 330 236 Q318 282 262 286', c.dark, 13) +
    path('M150 214 L54 132 L40 148 L150 282 Z', c.dark) +
    group('rotate(40 48 138)', rect(16, 122, 62, 30, '#c9a04e', 10)) +
    path('M140 176 H268 L278 318 H130 Z', c.main) +
    path('M140 176 H178 L172 318 H130 Z', c.light) +
    path('M140 176 Q200 132 268 176 Z', c.dark) +
    line('M30 180 l-6 16 M52 190 l-6 16 M20 208 l-6 16', '#8fbfdc', 5),
  secateurs: (c) =>
    line('M206 196 Q244 262 236 318', '#cf4f45', 24) +
    line('M190 198 Q150 262 160 318', '#a83c36', 24) +
    path('M184 204 Q156 140 182 72 Q232 120 220 196 Z', c.metal) +
    path('M218 204 Q270 180 270 110 Q232 130 204 186 Z', c.metalDark) +
    circle(202, 200, 17, c.ink) +
    circle(202, 200, 7, c.metal) +
    line('M176 240 Q200 226 222 242', c.metalDark, 5),
  planter: (c) =>
    repeat(5, (i) => blade(-40 + i * 20, 96 + (i % 2) * 24, c, i % 2 ? c.leaf : c.leafDark)) +
    mirrored(
      circle(134, 176, 17, c.accent) +
        circle(134, 176, 7, '#e8c26a') +
        line('M136 194 Q150 214 156 226', c.leafDark, 5),
    ) +
    path('M78 222 H322 L308 318 H92 Z', c.main) +
    path('M78 222 H128 L132 318 H92 Z', c.light) +
    rect(70, 212, 260, 24, c.dark, 6),
  gloves: (c) =>
    mirrored(
      group(
        'rotate(-10 130 200)',
        path(
          'M92 232 V140 q0 -14 12 -14 q12 0 12 14 v-28 q0 -14 12 -14 q12 0 12 14 v28 q0 -14 12 -14 q12 0 12 14 v20 q4 -10 14 -6 q8 4 4 16 L160 232 Z',
          c.main,
        ),
        rect(88, 228, 80, 62, c.accent, 10),
        line('M96 248 H160 M96 266 H160', c.light, 5),
      ),
    ),
  birdhouse: (c) =>
    rect(190, 270, 20, 60, c.woodDark) +
    path('M200 82 L290 162 V278 H110 V162 Z', c.wood) +
    path('M200 82 L200 278 H110 V162 Z', '#e0bb8c') +
    path('M200 64 L316 168 L300 186 L200 98 L100 186 L84 168 Z', c.main) +
    circle(200, 192, 32, c.ink) +
    line('M200 244 V262', c.woodDark, 11) +
    path('M224 250 q4 -30 34 -26 q14 -16 26 -2 l14 4 l-14 6 q-6 28 -36 26 Z', '#cf6a4f') +
    circle(276, 226, 3, c.ink),
  bin: (c) =>
    line('M132 150 Q140 84 200 84 Q260 84 268 150', c.wood, 10) +
    path('M112 160 H288 L274 304 Q272 318 258 318 H142 Q128 318 126 304 Z', c.main) +
    path('M112 160 H156 L158 318 H142 Q128 318 126 304 Z', c.light) +
    rect(100, 140, 200, 30, c.dark, 14) +
    path('M168 262 Q166 210 236 206 Q240 266 168 262 Z', c.leaf) +
    line('M160 274 Q186 244 220 224', c.leafDark, 5),
  hose: (c) =>
    repeat(
      3,
      (i) => oval(190, 286 - i * 26, 116, 34, i % 2 ? c.light : c.main) + oval(190, 282 - i * 26, 78, 17, c.dark),
    ) +
    line('M300 246 Q346 200 290 150 L262 128', c.main, 18) +
    group('rotate(38 256 122)', rect(196, 106, 66, 30, '#c9a04e', 8), rect(176, 112, 24, 18, c.metalDark, 4)) +
    line('M170 96 Q150 84 130 90 M176 78 Q160 60 138 60', '#8fbfdc', 6),
};
