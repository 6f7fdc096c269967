import type { MotifTable } from '../motif.ts';
import { circle, group, line, mirrored, oval, path, rect, repeat, ring } from '../shapes.ts';

/** Pots, knives, plates and cups. */
export const kitchen: MotifTable = {
  pan: (c) =>
    group(
      'rotate(-28 200 200)',
      rect(262, 188, 124, 24, c.dark, 12),
      circle(368, 200, 5, c.paper),
      circle(170, 200, 106, c.dark),
      circle(170, 200, 92, c.main),
      circle(170, 200, 70, c.light),
    ) +
    oval(176, 218, 36, 28, c.paper) +
    circle(180, 214, 14, '#f2b53a'),
  pot: (c) =>
    mirrored(rect(70, 196, 44, 20, c.dark, 10)) +
    rect(100, 174, 200, 140, c.main, 20) +
    rect(100, 174, 50, 140, c.light, 20) +
    rect(92, 160, 216, 22, c.dark, 10) +
    path('M112 160 Q200 108 288 160 Z', c.metal) +
    rect(180, 116, 40, 18, c.ink, 9),
  casserole: (c) =>
    mirrored(line('M98 214 q-34 2 -30 26 q6 14 34 8', c.dark, 12)) +
    path('M88 190 H312 V272 Q308 318 262 318 H138 Q92 318 88 272 Z', c.main) +
    path('M88 190 H138 Q128 260 160 318 H138 Q92 318 88 272 Z', c.light) +
    path('M84 190 Q92 146 200 142 Q308 146 316 190 Z', c.main) +
    rect(80, 182, 240, 14, c.dark, 7) +
    circle(200, 132, 16, c.metalDark),
  kettle: (c) =>
    line('M132 168 Q140 82 200 82 Q260 82 268 168', c.ink, 12) +
    path('M270 216 L334 160 L346 172 L288 262 Z', c.dark) +
    path('M112 210 Q118 150 200 150 Q282 150 288 210 L304 300 Q304 318 286 318 H114 Q96 318 96 300 Z', c.main) +
    path('M112 210 Q118 150 180 151 Q140 180 136 318 H114 Q96 318 96 300 Z', c.light) +
    oval(200, 154, 46, 12, c.dark) +
    circle(200, 140, 12, c.ink),
  'baking-dish': (c) =>
    mirrored(rect(48, 212, 50, 24, c.dark, 12)) +
    path('M72 204 H328 L306 304 Q304 312 294 312 H106 Q96 312 94 304 Z', c.main) +
    path('M72 204 H130 L140 312 H106 Q96 312 94 304 Z', c.light) +
    oval(200, 206, 128, 30, c.dark) +
    oval(200, 208, 114, 23, '#e9b45c') +
    repeat(6, (i) => oval(126 + i * 30, 206 + (i % 2) * 8, 14, 5, i % 2 ? '#cf7f3d' : '#f4d48c')),
  knife: (c) =>
    group(
      'rotate(-38 200 200)',
      path('M150 176 H344 Q356 176 350 186 Q312 232 236 232 H150 Z', c.metal),
      path('M150 214 H292 Q262 232 236 232 H150 Z', '#e6eaec'),
      rect(136, 172, 18, 62, c.metalDark, 3),
      path('M40 178 Q34 206 46 226 Q92 224 138 232 V174 Q90 172 40 178 Z', c.main),
      repeat(3, (i) => circle(66 + i * 28, 202, 5, c.metal)),
    ),
  board: (c) =>
    rect(110, 96, 180, 224, c.main, 22) +
    rect(176, 58, 48, 60, c.main, 20) +
    circle(200, 82, 10, c.paper) +
    repeat(4, (i) => rect(134 + i * 38, 116, 16, 188, i % 2 ? c.light : c.dark, 3)) +
    circle(236, 244, 30, '#cf4f45') +
    oval(236, 244, 20, 20, '#e58a7c') +
    path('M150 300 q20 -60 36 0 Z', c.leaf),
  utensils: (c) =>
    line('M140 180 L124 320', c.wood, 14) +
    path('M118 72 H166 Q174 130 160 190 H124 Q110 130 118 72 Z', c.main) +
    line('M204 180 V320', c.wood, 14) +
    oval(204, 126, 32, 56, c.light) +
    oval(204, 120, 18, 36, c.main) +
    line('M268 180 L280 320', c.wood, 14) +
    path('M246 84 Q270 66 296 84 L288 190 H250 Z', c.dark) +
    line('M262 104 V166 M280 104 V166', c.light, 6),
  grater: (c) =>
    line('M164 96 Q200 46 236 96', c.main, 16) +
    path('M150 92 H250 L274 304 H126 Z', c.metal) +
    path('M150 92 H178 L166 304 H126 Z', '#e6eaec') +
    repeat(5, (row) => repeat(4, (i) => oval(166 + i * 24, 128 + row * 32, 5, 8, c.metalDark))) +
    rect(116, 296, 168, 22, c.main, 9),
  bowl: (c) =>
    path('M72 176 H328 Q322 300 236 314 H164 Q78 300 72 176 Z', c.main) +
    path('M72 176 H132 Q134 282 196 314 H164 Q78 300 72 176 Z', c.light) +
    oval(200, 178, 128, 30, c.dark) +
    oval(200, 182, 112, 22, c.accent) +
    rect(156, 308, 88, 12, c.dark, 6),
  'rolling-pin': (c) =>
    group('rotate(-32 200 210)', rect(28, 190, 344, 40, c.main, 20), rect(28, 194, 344, 12, c.light, 6)) +
    oval(128, 304, 66, 17, '#e6cfa6') +
    oval(122, 298, 50, 12, '#f1e0c0'),
  scale: (c) =>
    rect(84, 240, 232, 74, c.main, 16) +
    rect(84, 240, 232, 22, c.light, 11) +
    rect(160, 274, 80, 28, c.ink, 5) +
    line('M176 288 H186 M196 288 H206 M214 288 H226', '#9fe0b4', 5) +
    oval(200, 236, 92, 14, c.dark) +
    path('M124 168 H276 Q272 228 200 230 Q128 228 124 168 Z', c.accent) +
    oval(200, 168, 76, 16, c.paper),
  plate: (c) =>
    circle(200, 204, 124, c.dark) +
    circle(200, 200, 124, c.main) +
    circle(200, 200, 86, c.light) +
    ring(200, 200, 86, c.dark, 3) +
    path('M170 218 Q200 150 236 186 Q226 236 170 218 Z', c.leaf) +
    line('M176 214 Q204 196 228 190', c.leafDark, 4),
  cutlery: (c) =>
    line('M130 176 V316', c.main, 16) +
    path('M108 80 V140 Q110 178 130 180 Q150 178 152 140 V80', c.main) +
    line('M122 76 V136 M138 76 V136', c.paper, 6) +
    line('M200 180 V316', c.main, 16) +
    oval(200, 124, 30, 52, c.main) +
    oval(194, 118, 12, 30, c.light) +
    line('M270 196 V316', c.main, 16) +
    path('M258 76 Q294 92 286 206 H258 Z', c.light),
  jug: (c) =>
    line('M254 160 Q322 158 304 220 Q292 262 256 262', c.dark, 14) +
    path('M142 96 L262 84 L254 140 Q284 220 258 318 H142 Q116 220 146 150 Z', c.main) +
    path('M142 96 L180 92 L178 150 Q150 230 168 318 H142 Q116 220 146 150 Z', c.light) +
    path('M142 96 L262 84 L256 106 L146 114 Z', c.dark) +
    path('M124 92 L150 92 L150 116 Z', c.dark),
  'cake-stand': (c) =>
    path('M120 204 Q122 112 200 112 Q278 112 280 204 Z', '#f3d9c9') +
    path(
      'M120 176 Q140 196 160 176 Q180 200 200 176 Q220 198 240 176 Q262 196 280 176 Q276 112 200 112 Q124 112 120 176 Z',
      '#cf7f6d',
    ) +
    circle(200, 100, 14, '#cf4f45') +
    oval(200, 212, 132, 20, c.dark) +
    oval(200, 206, 132, 20, c.main) +
    path('M186 226 H214 L226 300 H174 Z', c.main) +
    oval(200, 304, 66, 14, c.dark),
  mug: (c) =>
    line('M270 172 Q338 168 334 222 Q328 276 266 270', c.dark, 20) +
    path('M108 132 H284 V280 Q280 318 246 318 H146 Q112 318 108 280 Z', c.main) +
    path('M108 132 H150 V318 H146 Q112 318 108 280 Z', c.light) +
    oval(196, 134, 88, 17, c.dark) +
    oval(196, 137, 76, 12, '#6f4a34') +
    line('M170 104 q-12 -16 0 -32 M208 104 q-12 -16 0 -32', c.metal, 6),
  glass: (c) =>
    path('M122 92 H278 L256 306 Q254 318 242 318 H158 Q146 318 144 306 Z', c.light) +
    path('M132 178 H268 L256 306 Q254 314 242 314 H158 Q146 314 144 306 Z', c.main) +
    rect(160, 196, 42, 42, '#ffffff', 8) +
    group('rotate(18 230 226)', rect(208, 206, 40, 40, '#f2fafa', 8)) +
    line('M146 112 L160 280', '#ffffff', 9) +
    oval(200, 92, 78, 12, '#ffffff'),
  'wine-glass': (c) =>
    path('M132 76 H268 Q284 214 200 220 Q116 214 132 76 Z', c.light) +
    path('M126 146 H274 Q264 216 200 220 Q136 216 126 146 Z', c.main) +
    rect(194, 216, 12, 90, c.light) +
    oval(200, 310, 62, 11, c.light) +
    line('M150 96 Q146 150 158 182', '#ffffff', 8),
  flask: (c) =>
    rect(160, 66, 80, 54, c.dark, 12) +
    path('M148 118 H252 Q264 126 264 146 V296 Q264 318 242 318 H158 Q136 318 136 296 V146 Q136 126 148 118 Z', c.main) +
    rect(136, 150, 34, 160, c.light, 14) +
    rect(136, 276, 128, 12, c.dark) +
    line('M238 84 q42 -4 40 30', c.ink, 6),
};
