import type { MotifTable } from '../motif.ts';
import { circle, group, line, oval, path, rect, repeat, ring } from '../shapes.ts';

/** For dogs and cats. */
export const pets: MotifTable = {
  'pet-bed': (c) =>
    oval(200, 264, 152, 56, c.dark) +
    path('M48 258 Q52 196 200 194 Q348 196 352 258 Q330 226 200 226 Q70 226 48 258 Z', c.main) +
    oval(200, 258, 116, 32, c.light) +
    path('M130 254 Q120 206 168 210 Q180 184 194 210 Q262 196 272 250 Q280 276 200 276 Q136 278 130 254 Z', '#8a6a52') +
    path('M150 214 L154 188 L172 208 Z M180 208 L194 186 L200 212 Z', '#6f523d') +
    line('M154 236 q8 6 14 0 M178 236 q8 6 14 0', '#3a3d42', 4) +
    path('M48 258 Q50 320 200 320 Q350 320 352 258 Q330 294 200 294 Q70 294 48 258 Z', c.main),
  leash: (c) =>
    line(
      'M110 96 Q70 60 66 110 Q66 150 118 140 Q232 112 280 168 Q318 222 230 240 Q140 252 150 292 Q170 322 262 296',
      c.main,
      17,
    ) +
    line('M124 140 Q232 116 278 170', c.light, 5) +
    ring(110, 118, 12, '#c9a04e', 9) +
    rect(256, 280, 28, 26, '#c9a04e', 6) +
    line('M284 294 Q326 280 322 312 Q310 330 292 316', '#c9a04e', 8),
  collar: (c) =>
    oval(200, 198, 124, 88, c.dark) +
    oval(200, 186, 124, 88, c.main) +
    oval(200, 180, 100, 64, '#efe8db') +
    rect(172, 244, 60, 44, '#c9a04e', 8) +
    rect(184, 254, 36, 24, c.dark, 4) +
    ring(268, 268, 13, c.metal, 6) +
    circle(276, 302, 24, c.accent) +
    path('M266 304 q10 -16 20 0 q-2 10 -10 8 q-8 2 -10 -8 Z', c.paper),
  'pet-bowl': (c) =>
    oval(200, 198, 96, 40, '#8a5f42') +
    repeat(7, (i) => circle(138 + i * 21, 184 - (i % 2) * 14, 14, i % 2 ? '#a5754f' : '#7b5239')) +
    path('M96 206 H304 L338 310 Q338 318 326 318 H74 Q62 318 62 310 Z', c.main) +
    path('M96 206 H138 L116 318 H74 Q62 318 62 310 Z', c.light) +
    rect(88, 194, 224, 22, c.dark, 11) +
    path('M172 268 q28 -44 56 0 q6 26 -16 22 q-12 -6 -24 0 q-22 4 -16 -22 Z', c.paper) +
    repeat(4, (i) => circle(166 + i * 23, 242 - (i === 1 || i === 2 ? 14 : 0), 9, c.paper)),
  bone: (c) =>
    group(
      'rotate(-24 200 200)',
      line('M120 200 H280', c.dark, 36),
      repeat(8, (i) => line(`M${120 + i * 22} 186 l14 28`, i % 2 ? c.main : c.accent, 9)),
      circle(96, 178, 34, c.main),
      circle(96, 222, 34, c.main),
      circle(304, 178, 34, c.main),
      circle(304, 222, 34, c.main),
    ),
  ball: (c) =>
    line('M70 310 Q100 180 138 300', c.paper, 7) +
    circle(226, 214, 102, c.main) +
    path('M150 146 Q226 214 172 300 Q122 262 124 210 Q128 168 150 146 Z', c.light) +
    path('M292 136 Q240 214 306 278 Q330 246 328 206 Q322 160 292 136 Z', c.dark) +
    repeat(3, (i) => circle(206 + i * 18, 160 + i * 46, 8, c.accent)),
  'dog-coat': (c) =>
    line('M322 196 Q352 176 350 140', '#8a6a52', 13) +
    repeat(4, (i) => rect([128, 160, 268, 296][i] ?? 128, 240, 24, 78, i % 2 ? '#8a6a52' : '#6f523d', 10)) +
    rect(120, 168, 208, 96, '#8a6a52', 46) +
    path('M136 176 Q150 156 180 160 H288 Q318 164 318 196 L310 262 Q226 280 142 260 Z', c.main) +
    path('M136 176 Q150 156 180 160 L186 268 Q160 266 142 260 Z', c.light) +
    line('M150 224 Q230 236 312 226', '#e6eaec', 8) +
    path('M96 92 Q150 66 172 116 Q184 150 160 186 L126 182 Q118 168 84 166 Q48 162 58 138 Q84 128 96 92 Z', '#8a6a52') +
    path('M132 82 Q182 84 178 150 Q152 152 140 122 Z', '#6f523d') +
    circle(108, 118, 6, '#3a3d42') +
    oval(60, 142, 12, 9, '#3a3d42') +
    line('M128 180 L162 190', c.accent, 12),
  'cat-tree': (c) =>
    rect(96, 300, 208, 20, c.main, 6) +
    rect(130, 130, 26, 172, '#d9b98b') +
    rect(244, 200, 26, 102, '#d9b98b') +
    repeat(9, (i) => line(`M130 ${142 + i * 18} h26`, '#b48f5c', 4)) +
    repeat(5, (i) => line(`M244 ${214 + i * 18} h26`, '#b48f5c', 4)) +
    rect(88, 116, 116, 18, c.main, 8) +
    rect(204, 186, 112, 18, c.main, 8) +
    path('M110 116 Q104 66 142 66 Q146 44 156 62 L174 62 Q184 44 188 68 Q200 92 180 116 Z', '#4a4d55') +
    circle(160, 80, 3, '#e8c26a') +
    circle(176, 80, 3, '#e8c26a') +
    line('M112 112 Q84 130 96 160', '#4a4d55', 8) +
    line('M290 204 V244', c.ink, 3) +
    circle(290, 252, 12, c.accent),
  wand: (c) =>
    line('M70 312 L252 110', c.wood, 9) +
    line('M70 312 L112 266', c.ink, 15) +
    line('M252 110 Q310 70 306 146', c.ink, 3) +
    path('M306 140 Q350 190 312 262 Q268 210 306 140 Z', c.main) +
    path('M300 146 Q270 190 262 240 Q246 180 300 146 Z', c.accent) +
    path('M310 146 Q362 176 362 226 Q326 196 310 146 Z', c.light) +
    circle(306, 142, 10, c.metal),
  scratcher: (c) =>
    path('M58 280 Q110 180 190 226 Q266 268 342 182 V300 Q342 318 324 318 H76 Q58 318 58 300 Z', c.main) +
    path('M70 268 Q116 196 188 238 Q264 282 330 212 L330 244 Q266 306 186 262 Q124 228 76 286 Z', '#dcb98c') +
    repeat(9, (i) =>
      line(`M${96 + i * 27} ${[238, 228, 232, 246, 260, 266, 262, 250, 232][i] ?? 240} v16`, '#b48f5c', 4),
    ) +
    line('M250 190 L262 220 M266 178 L276 206', c.paper, 5),
  fountain: (c) =>
    oval(200, 306, 130, 16, c.dark) +
    path('M76 206 H324 L310 300 Q200 322 90 300 Z', c.main) +
    path('M76 206 H124 L130 310 Q108 306 90 300 Z', c.light) +
    oval(200, 206, 124, 28, c.dark) +
    oval(200, 206, 110, 21, '#9fcfe0') +
    rect(184, 130, 32, 74, c.main, 12) +
    line('M200 126 Q150 90 146 194 M200 126 Q250 90 254 194', '#8fbfdc', 8) +
    oval(200, 128, 24, 9, c.light),
  brush: (c) =>
    group(
      'rotate(-32 200 210)',
      rect(200, 188, 176, 36, c.main, 18),
      rect(214, 192, 140, 10, c.light, 5),
      rect(52, 162, 172, 76, c.main, 36),
      rect(66, 216, 144, 16, c.dark, 8),
      repeat(11, (i) => line(`M${76 + i * 12} 238 v26`, c.metalDark, 4)),
      circle(356, 206, 6, c.paper),
    ) + repeat(4, (i) => line(`M${80 + i * 26} ${306 - i * 4} q12 -16 24 0`, c.accent, 4)),
};
