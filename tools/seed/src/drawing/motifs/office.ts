import type { MotifTable } from '../motif.ts';
import { circle, group, line, mirrored, oval, path, rect, repeat, ring } from '../shapes.ts';

/** Paper, pens, books and what stands on a desk. */
export const office: MotifTable = {
  notebook: (c) =>
    group(
      'rotate(-6 200 200)',
      rect(120, 84, 176, 236, c.dark, 10),
      rect(124, 84, 168, 228, c.paper, 6),
      rect(112, 80, 172, 236, c.main, 10),
      rect(112, 80, 26, 236, c.dark, 8),
      rect(164, 132, 92, 54, c.paper, 5),
      line('M180 152 H240 M180 168 H220', c.accent, 5),
      path('M230 316 h16 v26 l-8 -8 l-8 8 Z', c.accent),
    ),
  pen: (c) =>
    line('M80 300 Q140 268 176 302 T280 300', c.main, 5) +
    group(
      'rotate(42 220 180)',
      rect(196, 24, 44, 190, c.main, 18),
      rect(196, 24, 14, 190, c.light, 10),
      rect(236, 40, 9, 78, c.metal, 4),
      rect(198, 120, 40, 8, '#c9a04e'),
      path('M200 212 H236 L222 276 H214 Z', c.metal),
      line('M218 244 V274', c.ink, 3),
    ),
  pencils: (c) =>
    repeat(6, (i) => {
      const tones = [c.main, c.accent, c.light, c.leaf, c.dark, '#dba63c'];
      const x = 100 + i * 34;
      const y = 108 + ((i * 37) % 50);
      return (
        path(`M${x} ${y} L${x + 14} ${y - 36} L${x + 28} ${y} Z`, '#ead2ad') +
        path(`M${x + 9} ${y - 23} L${x + 14} ${y - 36} L${x + 19} ${y - 23} Z`, tones[i] ?? c.main) +
        rect(x, y, 28, 300 - y, tones[i] ?? c.main, 2)
      );
    }) +
    rect(86, 226, 230, 92, c.metal, 10) +
    rect(86, 226, 230, 22, '#e6eaec', 10) +
    rect(150, 262, 104, 34, c.paper, 5),
  envelope: (c) =>
    group(
      'rotate(-8 200 200)',
      rect(112, 84, 176, 180, c.paper, 4),
      repeat(5, (i) => line(`M136 ${116 + i * 18} H${264 - (i % 2) * 40}`, c.light, 4)),
    ) +
    rect(72, 168, 256, 148, c.main, 10) +
    path('M72 180 L200 262 L328 180 V304 Q328 316 316 316 H84 Q72 316 72 304 Z', c.light) +
    line('M76 310 L170 242 M324 310 L230 242', c.dark, 4) +
    circle(200, 262, 22, c.accent),
  paintbox: (c) =>
    rect(76, 190, 248, 124, c.ink, 14) +
    rect(86, 200, 228, 104, c.paper, 8) +
    repeat(12, (i) =>
      rect(
        98 + (i % 6) * 35,
        212 + Math.floor(i / 6) * 44,
        28,
        36,
        [
          '#cf4f45',
          '#e08b3c',
          '#dba63c',
          '#a9b94a',
          '#3f8a5a',
          '#3b9a9a',
          '#3b75a8',
          '#3b5580',
          '#6a5a9a',
          '#a3588e',
          '#8a5a3b',
          '#33353a',
        ][i] ?? c.main,
        5,
      ),
    ) +
    group(
      'rotate(-30 220 130)',
      rect(120, 122, 180, 13, c.main, 6),
      rect(96, 121, 28, 15, c.metal, 3),
      path('M98 121 L60 128 L98 136 Z', c.ink),
    ) +
    path('M250 150 q30 -40 64 -8 q20 30 -24 34 q-44 4 -40 -26 Z', c.accent),
  stamp: (c) =>
    circle(200, 76, 30, c.wood) +
    path('M184 96 H216 L222 170 H178 Z', c.wood) +
    rect(162, 168, 76, 34, '#c9a04e', 6) +
    path('M116 276 Q104 246 144 234 Q200 214 258 236 Q298 250 284 284 Q268 322 200 318 Q128 320 116 276 Z', '#a8343c') +
    circle(200, 270, 38, '#c04a50') +
    path('M182 286 Q184 252 220 252 Q222 286 182 286 Z', '#8b262e'),
  tape: (c) =>
    path('M200 292 H350 V318 H200 Z', c.main) +
    repeat(4, (i) => circle(230 + i * 30, 305, 6, c.light)) +
    circle(180, 206, 112, c.main) +
    repeat(10, (i) => group(`rotate(${i * 36} 180 206)`, oval(180, 116, 7, 13, c.light))) +
    circle(180, 206, 66, c.dark) +
    circle(180, 206, 56, c.paper),
  book: (c) =>
    rect(118, 74, 178, 246, c.dark, 8) +
    path('M126 300 H290 V312 H126 Z', c.paper) +
    rect(110, 70, 176, 234, c.main, 8) +
    rect(110, 70, 20, 234, c.dark, 6) +
    rect(150, 100, 116, 52, c.paper, 4) +
    line('M166 118 H250 M178 134 H238', c.ink, 6) +
    circle(208, 224, 42, c.accent) +
    path('M166 240 Q188 206 208 232 Q230 200 250 240 Q236 266 208 266 Q180 266 166 240 Z', c.light),
  'laptop-stand': (c) =>
    path('M118 108 L302 108 L322 216 H98 Z', c.ink) +
    path('M130 118 L290 118 L306 206 H114 Z', c.glass) +
    path('M152 180 L186 144 L212 170 L232 152 L268 186 V196 H150 Z', c.accent) +
    path('M84 218 H336 L322 240 H98 Z', c.metal) +
    mirrored(line('M132 240 L110 316 H170', c.main, 14)) +
    rect(108, 238, 184, 13, c.dark, 5),
  'desk-mat': (c) =>
    path('M70 176 H330 L368 312 H32 Z', c.main) +
    path('M70 176 H330 L334 190 H66 Z', c.light) +
    path('M116 220 H232 L226 268 H98 Z', c.paper) +
    repeat(3, (row) => line(`M${120 - row * 5} ${232 + row * 13} H226`, c.metal, 5)) +
    oval(288, 252, 22, 30, c.ink) +
    line('M288 230 V246', c.metal, 4),
  'cup-pens': (c) =>
    line('M172 190 L152 70', c.accent, 15) +
    line('M200 190 V56', c.wood, 15) +
    line('M228 190 L250 78', c.ink, 13) +
    path('M194 60 L200 40 L206 60 Z', c.ink) +
    path('M126 176 H274 L264 304 Q262 318 248 318 H152 Q138 318 136 304 Z', c.main) +
    path('M126 176 H164 L168 318 H152 Q138 318 136 304 Z', c.light) +
    oval(200, 176, 74, 13, c.dark),
  'desk-tray': (c) =>
    path('M92 120 H308 L330 178 H70 Z', c.paper) +
    repeat(3, (i) =>
      path(
        `M${78 - i * 2} ${176 + i * 46} H${322 + i * 2} L${314 + i * 2} ${212 + i * 46} H${86 - i * 2} Z`,
        i % 2 ? c.dark : c.main,
      ),
    ) +
    repeat(3, (i) => rect(170, 186 + i * 46, 60, 10, c.light, 5)) +
    line('M120 140 H250 M114 156 H220', c.metal, 5),
  charger: (c) =>
    line('M300 296 Q372 290 352 200 Q340 150 372 120', c.ink, 8) +
    oval(200, 300, 116, 24, c.dark) +
    oval(200, 290, 116, 24, c.main) +
    oval(200, 288, 92, 17, c.light) +
    group(
      'rotate(-8 200 170)',
      rect(146, 70, 108, 204, c.ink, 18),
      rect(154, 80, 92, 184, c.glass, 10),
      path('M206 122 L174 182 H198 L192 224 L228 160 H204 Z', c.accent),
    ),
  cable: (c) =>
    ring(200, 196, 96, c.main, 13) +
    ring(200, 196, 72, c.dark, 13) +
    ring(200, 196, 48, c.main, 13) +
    line('M294 214 Q310 270 276 300', c.main, 13) +
    group('rotate(30 266 306)', rect(246, 290, 40, 40, c.ink, 8), rect(254, 328, 24, 22, c.metal, 4)) +
    rect(88, 180, 40, 32, c.wood, 8),
  fan: (c) =>
    rect(190, 250, 20, 54, c.dark) +
    oval(200, 310, 76, 13, c.dark) +
    oval(200, 304, 76, 13, c.main) +
    circle(200, 166, 104, c.main) +
    circle(200, 166, 90, c.paper) +
    repeat(5, (i) => group(`rotate(${i * 72} 200 166)`, path('M200 166 Q160 130 186 84 Q222 92 216 150 Z', c.light))) +
    repeat(3, (i) => ring(200, 166, 34 + i * 24, c.dark, 3)) +
    circle(200, 166, 17, c.accent),
  bookends: (c) =>
    rect(146, 130, 30, 182, c.accent, 4) +
    rect(178, 108, 24, 204, c.leafDark, 4) +
    rect(204, 142, 34, 170, '#dba63c', 4) +
    group('rotate(8 260 220)', rect(240, 120, 22, 192, c.ink, 4)) +
    mirrored(
      path(
        'M72 318 V226 Q76 184 112 184 Q146 184 146 226 V318 H126 V232 Q124 208 110 208 Q94 208 92 232 V318 Z',
        c.main,
      ),
    ) +
    rect(60, 310, 280, 12, c.dark, 5),
};
