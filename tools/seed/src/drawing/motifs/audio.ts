import type { MotifTable } from '../motif.ts';
import { circle, group, line, mirrored, oval, path, rect, repeat, ring } from '../shapes.ts';

/** Things to listen with. */
export const audio: MotifTable = {
  headphones: (c) =>
    line('M104 232 V204 Q104 92 200 92 Q296 92 296 204 V232', c.dark, 20) +
    line('M128 158 Q144 108 200 108', c.light, 8) +
    mirrored(
      rect(80, 200, 60, 108, c.main, 28) + rect(124, 208, 30, 92, c.ink, 14) + rect(92, 222, 14, 62, c.light, 7),
    ),
  earbuds: (c) =>
    mirrored(
      path('M130 90 Q176 84 178 128 Q178 158 150 162 L146 206 Q134 214 124 206 L118 140 Q104 100 130 90 Z', c.main) +
        oval(166, 122, 13, 20, c.ink),
    ) +
    rect(112, 222, 176, 94, c.dark, 40) +
    rect(112, 222, 176, 44, c.main, 22) +
    rect(126, 230, 90, 10, c.light, 5) +
    circle(200, 284, 6, '#9fe0b4'),
  'headphone-stand': (c) =>
    oval(200, 310, 84, 15, c.wood) +
    rect(190, 96, 20, 212, c.main, 8) +
    rect(146, 84, 108, 24, c.main, 12) +
    line('M120 214 V176 Q122 74 200 74 Q278 74 280 176 V214', c.ink, 15) +
    mirrored(rect(98, 196, 44, 84, c.accent, 20)),
  headband: (c) =>
    path('M232 70 q40 -4 58 -40 q10 62 -36 76 q-34 8 -50 -26 q14 -2 28 -10 Z', '#e8c26a') +
    path('M56 196 Q200 132 344 196 L348 276 Q200 226 52 276 Z', c.dark) +
    path('M52 200 Q200 160 348 200 L344 292 Q200 330 56 292 Z', c.main) +
    line('M74 222 Q200 190 326 222', c.light, 6) +
    mirrored(circle(124, 258, 26, c.dark) + circle(124, 258, 14, c.accent)),
  speaker: (c) =>
    rect(116, 72, 168, 246, c.main, 12) +
    rect(128, 84, 144, 222, c.ink, 8) +
    circle(200, 134, 32, c.metalDark) +
    circle(200, 134, 14, c.metal) +
    circle(200, 234, 58, c.metalDark) +
    circle(200, 234, 46, '#5c6066') +
    circle(200, 234, 18, c.metal) +
    circle(256, 94, 4, '#9fe0b4'),
  'speaker-round': (c) =>
    line('M150 118 Q200 60 250 118', c.dark, 10) +
    circle(200, 208, 110, c.main) +
    circle(200, 208, 84, c.dark) +
    repeat(3, (i) => ring(200, 208, 24 + i * 22, c.light, 4)) +
    circle(200, 208, 12, c.accent) +
    rect(150, 304, 100, 16, c.ink, 8),
  radio: (c) =>
    line('M270 130 L322 54', c.metalDark, 6) +
    line('M130 134 Q136 92 200 92 Q264 92 270 134', c.wood, 11) +
    rect(72, 130, 256, 180, c.main, 26) +
    rect(92, 152, 124, 136, c.dark, 14) +
    repeat(6, (i) => line(`M106 ${172 + i * 19} H202`, c.light, 6)) +
    rect(234, 156, 74, 44, c.glass, 8) +
    line('M244 178 H298', c.accent, 4) +
    circle(272, 248, 32, c.paper) +
    line('M272 248 L288 228', c.ink, 6) +
    mirrored(rect(96, 308, 28, 12, c.ink, 4)),
  turntable: (c) =>
    path('M70 190 H330 L356 286 H44 Z', c.light) +
    path('M44 286 H356 V308 Q356 316 348 316 H52 Q44 316 44 308 Z', c.main) +
    oval(176, 238, 98, 40, '#2d2f33') +
    oval(176, 238, 76, 30, '#3d4046') +
    oval(176, 238, 34, 14, c.accent) +
    oval(176, 237, 4, 2, c.paper) +
    circle(302, 212, 15, c.metalDark) +
    line('M302 210 L286 262 L240 254', c.metal, 7) +
    circle(322, 270, 9, c.ink),
  soundbar: (c) =>
    rect(96, 92, 208, 124, c.ink, 8) +
    path('M106 102 H294 V206 H106 Z', c.glass) +
    path('M106 206 V176 Q150 146 190 176 T294 160 V206 Z', c.accent) +
    rect(188, 216, 24, 22, c.ink) +
    rect(44, 244, 312, 60, c.main, 22) +
    repeat(16, (i) => circle(74 + i * 17, 274, 4, c.dark)) +
    rect(52, 250, 296, 8, c.light, 4),
  amplifier: (c) =>
    rect(72, 174, 256, 132, c.main, 14) +
    rect(72, 174, 256, 26, c.light, 13) +
    circle(134, 250, 34, c.metalDark) +
    circle(134, 250, 26, c.metal) +
    line('M134 250 L146 230', c.ink, 5) +
    circle(266, 250, 34, c.metalDark) +
    circle(266, 250, 26, c.metal) +
    line('M266 250 L252 230', c.ink, 5) +
    circle(200, 236, 9, c.ink) +
    circle(200, 266, 5, '#9fe0b4') +
    group('translate(0 -4)', mirrored(rect(96, 308, 30, 14, c.ink, 4))) +
    line('M150 156 Q160 136 150 116 M200 156 Q210 136 200 116 M250 156 Q260 136 250 116', c.accent, 6),
};
