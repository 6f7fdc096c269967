import type { MotifTable } from '../motif.ts';
import { circle, group, line, mirrored, oval, path, rect, repeat } from '../shapes.ts';

const mixSky = '#cfe3ec';

/** Lamps, textiles and things on walls and sills. */
export const home: MotifTable = {
  pendant: (c) =>
    line('M200 0 V128', c.ink, 5) +
    path('M150 244 L96 372 H304 L250 244 Z', '#fff3cf') +
    rect(186, 118, 28, 26, c.dark, 6) +
    path('M108 240 C112 170 150 138 200 138 C250 138 288 170 292 240 Z', c.main) +
    path('M108 240 C112 170 150 138 200 138 C160 150 142 184 140 240 Z', c.light) +
    oval(200, 240, 92, 15, c.dark) +
    circle(200, 246, 20, '#ffe9a8'),
  'desk-lamp': (c) =>
    path('M240 128 L150 300 H330 Z', '#fff3cf') +
    oval(150, 312, 62, 13, c.dark) +
    oval(150, 307, 62, 13, c.main) +
    line('M150 304 L112 196 L222 112', c.ink, 9) +
    circle(112, 196, 10, c.dark) +
    group(
      'rotate(24 236 118)',
      path('M198 136 Q202 88 236 88 Q270 88 274 136 Z', c.main),
      oval(236, 136, 38, 9, '#ffe9a8'),
    ),
  'floor-lamp': (c) =>
    mirrored(line('M200 168 L142 322', c.main, 9)) +
    line('M200 168 V320', c.dark, 9) +
    path('M146 88 H254 L280 184 H120 Z', '#f8ecd2') +
    path('M146 88 H182 L170 184 H120 Z', '#fff7e6') +
    rect(120, 180, 160, 7, c.accent, 3),
  lantern: (c) =>
    line('M150 148 Q200 56 250 148', c.ink, 7) +
    rect(146, 138, 108, 24, c.main, 10) +
    rect(156, 162, 88, 110, '#fff0c4', 12) +
    oval(200, 222, 22, 34, '#ffd877') +
    oval(200, 228, 10, 18, '#fff8df') +
    mirrored(rect(152, 160, 8, 114, c.dark, 4)) +
    rect(136, 270, 128, 44, c.main, 14) +
    circle(200, 292, 8, c.light),
  'string-lights': (c) =>
    line('M40 110 Q120 196 200 130 T360 120', c.ink, 5) +
    line('M40 220 Q120 306 200 240 T360 230', c.ink, 5) +
    repeat(5, (i) => {
      const x = 70 + i * 65;
      const y = 142 + (i === 1 ? 20 : i === 2 ? -8 : i === 3 ? -14 : 6);
      const bulb = (dy: number, fill: string): string =>
        rect(x - 6, y + dy - 6, 12, 14, c.ink, 3) + oval(x, y + dy + 24, 15, 19, fill);
      return bulb(0, i % 2 ? c.main : '#ffd877') + bulb(110, i % 2 ? '#ffe7a6' : c.light);
    }),
  blanket: (c) =>
    rect(92, 226, 216, 84, c.dark, 22) +
    rect(92, 172, 216, 84, c.main, 22) +
    rect(92, 118, 216, 84, c.light, 22) +
    repeat(5, (i) => rect(120 + i * 36, 118, 12, 192, c.accent)) +
    repeat(15, (i) => line(`M${104 + i * 14} 308 v16`, c.dark, 5)),
  cushion: (c) =>
    path('M100 110 Q200 132 300 110 Q280 205 302 300 Q200 280 98 300 Q120 205 100 110 Z', c.main) +
    line(
      'M116 150 Q200 170 284 150 M112 190 Q200 208 288 190 M112 230 Q200 246 288 230 M112 268 Q200 280 288 268',
      c.dark,
      4,
    ) +
    path('M100 110 Q200 132 300 110 Q294 122 292 140 Q200 156 108 140 Q106 122 100 110 Z', c.light),
  towel: (c) =>
    rect(88, 86, 224, 12, c.wood, 6) +
    path('M116 92 H284 V306 H116 Z', c.main) +
    path('M116 92 H160 V306 H116 Z', c.light) +
    rect(116, 250, 168, 14, c.accent) +
    rect(116, 272, 168, 6, c.accent) +
    repeat(14, (i) => line(`M${122 + i * 12} 306 v10`, c.dark, 4)),
  bedding: (c) =>
    rect(64, 122, 272, 60, c.wood, 14) +
    rect(56, 226, 288, 84, c.dark, 16) +
    mirrored(path('M86 176 Q132 148 188 176 Q194 212 184 222 H92 Q80 206 86 176 Z', c.paper)) +
    path('M52 226 Q200 190 348 226 V296 Q200 316 52 296 Z', c.main) +
    path('M52 226 Q200 190 348 226 V246 Q200 212 52 246 Z', c.light) +
    mirrored(line('M76 300 V320', c.woodDark, 12)),
  rug: (c) =>
    path('M110 130 H290 L344 296 H56 Z', c.main) +
    path('M126 146 H274 L318 280 H82 Z', c.light) +
    path('M140 160 H260 L294 266 H106 Z', c.dark) +
    path('M200 172 L244 214 L200 256 L156 214 Z', c.accent) +
    repeat(16, (i) => line(`M${64 + i * 18} 298 v14`, c.paper, 4)),
  curtain: (c) =>
    line('M70 84 H330', c.wood, 10) +
    circle(66, 84, 11, c.woodDark) +
    circle(334, 84, 11, c.woodDark) +
    rect(110, 96, 180, 190, c.glass) +
    line('M200 96 V286 M110 190 H290', c.paper, 6) +
    mirrored(
      path('M86 88 H176 Q150 200 164 318 H80 Q90 200 86 88 Z', c.main) +
        line('M112 92 Q104 200 110 314 M142 92 Q124 200 138 314', c.dark, 5),
    ),
  robe: (c) =>
    line('M200 60 q14 0 14 14 q0 10 -14 14 V104', c.metalDark, 5) +
    path('M150 108 L90 206 L122 226 L140 196 V318 H260 V196 L278 226 L310 206 L250 108 Z', c.main) +
    path('M160 104 L200 196 L240 104 L256 112 L206 222 V318 H194 V222 L144 112 Z', c.light) +
    rect(138, 212, 124, 16, c.dark, 5) +
    line('M206 226 L222 272', c.dark, 9) +
    rect(148, 252, 36, 32, c.light, 4) +
    rect(216, 252, 36, 32, c.light, 4),
  vase: (c) =>
    line('M200 170 Q196 100 150 62 M198 140 Q220 100 256 84', c.leafDark, 6) +
    oval(148, 64, 24, 12, c.leaf) +
    oval(176, 102, 22, 10, c.leaf) +
    oval(256, 82, 22, 12, c.leaf) +
    oval(232, 112, 18, 9, c.leafDark) +
    path('M176 160 H224 L220 192 Q272 216 262 276 Q256 318 200 318 Q144 318 138 276 Q128 216 180 192 Z', c.main) +
    path('M176 160 H194 L192 194 Q152 220 154 280 Q158 310 176 316 Q142 310 138 276 Q128 216 180 192 Z', c.light) +
    rect(172, 154, 56, 12, c.dark, 6),
  frame: (c) =>
    rect(104, 74, 192, 246, c.main, 6) +
    rect(120, 90, 160, 214, c.paper) +
    rect(142, 116, 116, 162, mixSky) +
    circle(222, 158, 20, '#ffd877') +
    path('M142 278 V236 L182 196 L214 232 L236 212 L258 238 V278 Z', c.accent) +
    path('M142 278 V258 Q200 236 258 262 V278 Z', c.leafDark),
  clock: (c) =>
    circle(200, 200, 122, c.main) +
    circle(200, 200, 102, c.paper) +
    repeat(12, (i) => group(`rotate(${i * 30} 200 200)`, rect(196, 108, 8, i % 3 ? 12 : 22, c.ink, 4))) +
    line('M200 200 L156 158', c.ink, 10) +
    line('M200 200 L250 136', c.ink, 7) +
    circle(200, 200, 10, c.accent),
  mirror: (c) =>
    circle(200, 200, 124, '#c9a04e') +
    circle(200, 200, 112, c.glass) +
    path('M116 168 L236 96 L262 108 L104 214 Z', '#eaf5f6') +
    path('M124 256 L300 152 L306 176 L140 276 Z', '#eaf5f6'),
  basket: (c) =>
    mirrored(line('M132 178 Q96 150 112 126 Q136 116 146 170', c.woodDark, 10)) +
    path('M96 170 H304 L282 318 H118 Z', c.main) +
    repeat(5, (i) => line(`M${100 + i * 4} ${190 + i * 28} H${300 - i * 4}`, c.dark, 5)) +
    repeat(7, (i) => line(`M${122 + i * 26} 174 L${134 + i * 22} 314`, c.light, 4)) +
    rect(90, 160, 220, 20, c.dark, 10),
  candle: (c) =>
    path('M200 78 q22 34 0 58 q-22 -24 0 -58 Z', '#ffb84a') +
    path('M200 98 q10 20 0 34 q-10 -14 0 -34 Z', '#fff0c4') +
    line('M200 134 V156', c.ink, 5) +
    rect(134, 150, 132, 166, c.main, 14) +
    rect(134, 150, 36, 166, c.light, 14) +
    oval(200, 154, 66, 14, c.light) +
    rect(158, 212, 92, 56, c.paper, 6) +
    line('M176 232 H232 M188 248 H220', c.accent, 5),
  coaster: (c) =>
    repeat(4, (i) => oval(200, 290 - i * 22, 112, 34, i % 2 ? c.light : c.dark)) +
    oval(200, 212, 112, 34, c.main) +
    rect(162, 118, 70, 88, c.accent, 12) +
    line('M232 138 q34 20 0 46', c.accent, 11) +
    oval(197, 122, 35, 9, '#7b5239') +
    line('M184 98 q-8 -14 0 -26 M208 98 q-8 -14 0 -26', c.metal, 5),
};
