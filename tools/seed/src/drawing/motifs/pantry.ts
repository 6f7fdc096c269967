import type { MotifTable } from '../motif.ts';
import { circle, group, line, mirrored, oval, path, rect, repeat } from '../shapes.ts';

/** Coffee, tea and what stands in a larder. */
export const pantry: MotifTable = {
  dripper: (c) =>
    path('M100 100 H300 L236 196 H164 Z', c.main) +
    path('M100 100 H150 L188 196 H164 Z', c.light) +
    line('M298 120 q42 0 30 34 q-10 22 -54 20', c.dark, 11) +
    oval(200, 100, 100, 17, c.dark) +
    oval(200, 102, 84, 11, '#6f4a34') +
    rect(136, 192, 128, 16, c.dark, 8) +
    path('M140 208 H260 Q284 240 276 300 Q274 318 256 318 H144 Q126 318 124 300 Q116 240 140 208 Z', c.glass) +
    path('M122 262 H278 L276 300 Q274 318 256 318 H144 Q126 318 124 300 Z', '#7b5239'),
  'french-press': (c) =>
    line('M262 146 Q320 150 312 214 Q306 270 262 268', c.ink, 13) +
    line('M200 64 V130', c.metalDark, 8) +
    circle(200, 62, 14, c.ink) +
    rect(136, 128, 128, 184, c.glass, 10) +
    rect(136, 196, 128, 116, '#7b5239', 10) +
    rect(136, 186, 128, 10, c.metal) +
    rect(130, 116, 140, 20, c.metal, 8) +
    mirrored(rect(132, 136, 9, 180, c.metal, 4)) +
    rect(130, 300, 140, 18, c.metal, 8),
  moka: (c) =>
    line('M258 146 L316 152 L300 236', c.ink, 15) +
    path('M140 116 H260 L246 206 H154 Z', c.metal) +
    path('M140 116 H184 L182 206 H154 Z', '#e6eaec') +
    path('M140 116 L116 112 L148 148 Z', c.metalDark) +
    path('M150 96 H250 L262 118 H138 Z', c.metalDark) +
    circle(200, 86, 11, c.ink) +
    rect(150, 204, 100, 14, c.metalDark, 4) +
    path('M154 218 H246 L272 312 H128 Z', c.metal) +
    path('M154 218 H184 L176 312 H128 Z', '#e6eaec') +
    rect(122, 308, 156, 12, c.metalDark, 5),
  grinder: (c) =>
    line('M200 82 H292', c.metalDark, 10) +
    circle(296, 76, 16, c.wood) +
    rect(158, 92, 84, 96, c.main, 14) +
    rect(158, 92, 26, 96, c.light, 12) +
    rect(152, 184, 96, 14, c.metal, 4) +
    rect(158, 198, 84, 120, c.dark, 14) +
    rect(158, 220, 84, 24, c.main) +
    circle(200, 82, 11, c.metalDark),
  'coffee-bag': (c) =>
    path('M124 92 H276 L290 150 V318 H110 V150 Z', c.main) +
    path('M124 92 H160 L150 150 V318 H110 V150 Z', c.light) +
    rect(120, 82, 160, 22, c.dark, 4) +
    rect(144, 176, 112, 96, c.paper, 8) +
    group('rotate(-30 200 224)', oval(200, 224, 24, 34, '#6f4a34') + line('M200 194 Q190 224 200 254', c.paper, 4)),
  teapot: (c) =>
    line('M118 186 Q52 180 62 234 Q70 276 126 268', c.dark, 14) +
    path('M270 208 Q316 200 324 150 L350 150 Q350 240 284 266 Z', c.dark) +
    path(
      'M200 138 C286 138 302 196 296 240 C290 296 250 316 200 316 C150 316 110 296 104 240 C98 196 114 138 200 138 Z',
      c.main,
    ) +
    path(
      'M190 138 C130 142 116 196 124 246 C128 280 146 306 170 312 C130 304 108 276 104 240 C98 196 114 138 190 138 Z',
      c.light,
    ) +
    oval(200, 144, 58, 14, c.dark) +
    circle(200, 122, 14, c.dark),
  tin: (c) =>
    rect(122, 120, 156, 198, c.main, 12) +
    rect(122, 120, 42, 198, c.light, 12) +
    rect(112, 90, 176, 46, c.dark, 10) +
    rect(142, 176, 116, 98, c.paper, 8) +
    path('M166 238 Q176 194 234 200 Q228 254 166 238 Z', c.leaf) +
    line('M160 246 Q190 224 222 210', c.leafDark, 4),
  bottle: (c) =>
    rect(178, 56, 44, 30, c.ink, 6) +
    path(
      'M180 84 H220 V140 Q262 160 262 200 V300 Q262 318 244 318 H156 Q138 318 138 300 V200 Q138 160 180 140 Z',
      c.main,
    ) +
    path('M180 84 H194 V146 Q158 166 158 204 V318 H156 Q138 318 138 300 V200 Q138 160 180 140 Z', c.light) +
    rect(138, 206, 124, 74, c.paper) +
    oval(186, 244, 15, 20, c.leaf) +
    oval(214, 238, 13, 18, c.leafDark),
  jar: (c) =>
    rect(120, 134, 160, 184, c.glass, 26) +
    rect(130, 160, 140, 150, c.main, 20) +
    rect(130, 160, 36, 150, c.light, 18) +
    rect(130, 96, 140, 42, c.accent, 8) +
    rect(130, 118, 140, 8, c.dark) +
    rect(146, 198, 108, 72, c.paper, 8) +
    circle(200, 234, 20, c.main),
  chocolate: (c) =>
    group(
      'rotate(-12 200 200)',
      rect(130, 70, 140, 180, '#5a3a2b', 8),
      repeat(3, (row) => repeat(3, (i) => rect(140 + i * 42, 80 + row * 44, 36, 38, '#6f4a37', 4))),
      path('M122 196 L146 184 L170 198 L196 184 L222 198 L250 184 L278 196 V330 H122 Z', c.main),
      rect(148, 234, 104, 60, c.paper, 5),
      circle(200, 264, 16, c.accent),
    ),
  'pasta-bag': (c) =>
    path('M118 96 H282 L292 312 Q200 328 108 312 Z', c.paper) +
    path('M118 96 H282 L284 148 H116 Z', c.main) +
    rect(114, 84, 172, 18, c.dark, 4) +
    repeat(8, (i) =>
      group(
        `rotate(${i * 37} ${142 + (i % 4) * 38} ${196 + Math.floor(i / 4) * 64})`,
        rect(124 + (i % 4) * 38, 189 + Math.floor(i / 4) * 64, 36, 14, '#e3b765', 7),
      ),
    ) +
    circle(200, 124, 15, c.paper),
  box: (c) =>
    path('M110 130 L200 100 L290 130 L200 160 Z', c.light) +
    path('M110 130 L200 160 V320 L110 286 Z', c.main) +
    path('M290 130 L200 160 V320 L290 286 Z', c.dark) +
    path('M124 186 L186 208 V270 L124 248 Z', c.paper) +
    circle(155, 228, 14, c.accent),
};
