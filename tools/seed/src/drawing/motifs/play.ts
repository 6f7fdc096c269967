import type { MotifTable } from '../motif.ts';
import { circle, group, line, mirrored, oval, path, rect, repeat } from '../shapes.ts';

const PIECE = 'h34 q-8 -22 10 -22 q18 0 10 22 h34 v34 q22 -8 22 10 q0 18 -22 10 v34 h-88 Z';

/** Games and toys. */
export const play: MotifTable = {
  boardgame: (c) =>
    path('M60 230 L200 176 L340 230 L200 290 Z', c.light) +
    path('M60 230 L200 290 V316 L60 254 Z', c.main) +
    path('M340 230 L200 290 V316 L340 254 Z', c.dark) +
    line('M106 232 L200 196 L292 232 L200 270 Z', c.paper, 7) +
    path('M150 216 q-18 -34 6 -48 q-8 -22 12 -22 q20 0 12 22 q24 14 6 48 Z', c.accent) +
    path('M222 246 q-18 -34 6 -48 q-8 -22 12 -22 q20 0 12 22 q24 14 6 48 Z', c.ink) +
    group(
      'rotate(14 280 180)',
      rect(262, 150, 44, 44, c.paper, 9),
      circle(274, 162, 4, c.ink),
      circle(284, 172, 4, c.ink),
      circle(294, 182, 4, c.ink),
    ),
  puzzle: (c) =>
    path(`M96 116 ${PIECE}`, c.main) +
    group('translate(112 0)', path(`M96 116 ${PIECE}`, c.light)) +
    group('translate(0 112)', path(`M96 116 ${PIECE}`, c.dark)) +
    group('translate(128 116) rotate(9 140 160)', path(`M96 116 ${PIECE}`, c.accent)),
  blocks: (c) =>
    rect(92, 232, 84, 84, c.main, 6) +
    rect(184, 232, 84, 84, c.wood, 6) +
    rect(276, 256, 40, 60, c.accent, 6) +
    rect(136, 144, 84, 84, c.light, 6) +
    circle(178, 186, 22, c.paper) +
    path('M180 140 L226 72 L272 140 Z', c.accent) +
    path('M226 232 Q226 188 268 188 Q308 188 308 232 H288 Q286 208 268 208 Q248 208 246 232 Z', c.leafDark) +
    rect(112, 252, 44, 44, c.paper, 4) +
    line('M206 274 H246', c.woodDark, 8),
  cards: (c) =>
    repeat(4, (i) =>
      group(
        `rotate(${-30 + i * 20} 200 330)`,
        rect(148, 104, 104, 154, c.paper, 12),
        rect(156, 112, 88, 138, [c.main, c.accent, c.light, c.dark][i] ?? c.main, 8),
        path('M200 146 L226 181 L200 216 L174 181 Z', c.paper),
      ),
    ),
  chess: (c) =>
    path('M52 278 L200 226 L348 278 L200 330 Z', c.wood) +
    repeat(4, (i) => path(`M${126 + i * 37} ${304 - i * 13} l37 -13 l37 13 l-37 13 Z`, i % 2 ? c.main : c.paper)) +
    path('M120 270 Q118 250 134 240 Q140 190 134 176 H186 Q180 190 186 240 Q202 250 200 270 Z', c.main) +
    path('M124 176 V142 H138 V154 H152 V142 H168 V154 H182 V142 H196 V176 Z', c.main) +
    path('M212 290 Q210 268 226 258 Q232 220 228 202 H276 Q272 220 278 258 Q294 268 292 290 Z', '#e9d2a8') +
    circle(252, 176, 28, '#e9d2a8') +
    oval(252, 206, 34, 9, '#cfae7c'),
  kite: (c) =>
    line('M190 240 Q120 270 160 300 T120 340', c.ink, 4) +
    group(
      'rotate(20 210 150)',
      path('M210 44 L290 136 L210 258 L130 136 Z', c.main),
      path('M210 44 L130 136 H210 Z', c.light),
      path('M210 258 L290 136 H210 Z', c.dark),
      path('M210 258 L130 136 H210 Z', c.accent),
    ) +
    path('M132 268 l22 8 l-16 14 Z', c.accent) +
    path('M150 300 l24 -4 l-10 20 Z', c.main) +
    circle(70, 90, 20, c.paper) +
    circle(92, 82, 26, c.paper) +
    circle(116, 92, 18, c.paper),
  dice: (c) =>
    path('M112 92 H262 V318 H112 Z', c.main) +
    path('M262 92 L296 116 V318 H262 Z', c.dark) +
    path('M130 240 Q188 200 244 240 V318 H130 Z', c.ink) +
    group(
      'rotate(-14 150 290)',
      rect(116, 254, 62, 62, c.paper, 12),
      circle(132, 270, 6, c.ink),
      circle(147, 285, 6, c.ink),
      circle(162, 300, 6, c.ink),
    ) +
    group(
      'rotate(12 240 292)',
      rect(214, 262, 56, 56, c.accent, 11),
      circle(229, 277, 5, c.paper),
      circle(255, 303, 5, c.paper),
      circle(255, 277, 5, c.paper),
      circle(229, 303, 5, c.paper),
    ) +
    repeat(3, (i) => rect(138 + i * 34, 112, 22, 56, c.light, 4)),
  stacker: () =>
    repeat(6, (i) => {
      const r = 128 - i * 20;
      return path(
        `M${200 - r} 312 A${r} ${r} 0 0 1 ${200 + r} 312 h-${18} A${r - 18} ${r - 18} 0 0 0 ${200 - r + 18} 312 Z`,
        ['#cf4f45', '#e08b3c', '#e3b94f', '#6f9a62', '#4f8fb5', '#7a6aa8'][i] ?? '#cf4f45',
      );
    }),
  bear: (c) =>
    mirrored(circle(140, 104, 30, c.main) + circle(140, 104, 16, c.light)) +
    mirrored(oval(124, 236, 28, 44, c.main)) +
    oval(200, 250, 78, 74, c.main) +
    oval(200, 258, 48, 48, c.light) +
    circle(200, 144, 74, c.main) +
    oval(200, 168, 32, 25, c.paper) +
    oval(200, 158, 12, 8, c.ink) +
    line('M200 166 V178 Q190 188 182 180 M200 178 Q210 188 218 180', c.ink, 4) +
    mirrored(circle(172, 134, 7, c.ink)) +
    mirrored(oval(150, 306, 34, 24, c.dark)),
  train: (c) =>
    rect(40, 304, 320, 12, c.woodDark, 5) +
    rect(70, 152, 92, 128, c.main, 10) +
    rect(58, 138, 116, 22, c.dark, 8) +
    rect(86, 176, 60, 44, c.glass, 6) +
    rect(158, 206, 156, 74, c.accent, 14) +
    rect(262, 150, 30, 60, c.dark, 4) +
    rect(252, 140, 50, 18, c.ink, 6) +
    circle(296, 112, 18, c.paper) +
    circle(322, 88, 13, c.paper) +
    repeat(3, (i) => circle(112 + i * 84, 282, 28, c.ink) + circle(112 + i * 84, 282, 12, c.wood)) +
    rect(196, 226, 84, 10, c.light, 5),
  fish: (c) =>
    path(
      'M62 214 Q120 120 232 140 Q300 154 310 200 Q318 168 356 150 Q350 200 362 240 Q322 236 306 222 Q284 286 190 288 Q104 284 62 214 Z',
      c.main,
    ) +
    path('M66 222 Q150 262 292 244 Q262 286 190 288 Q106 284 66 222 Z', c.paper) +
    circle(126, 200, 8, c.ink) +
    path('M190 234 Q180 296 220 318 Q236 280 226 234 Z', c.dark) +
    line('M150 252 Q200 262 250 252 M160 266 Q200 274 236 268', c.light, 4) +
    line('M186 128 Q176 96 156 88 M196 126 Q204 96 226 90', c.glass, 7),
};
