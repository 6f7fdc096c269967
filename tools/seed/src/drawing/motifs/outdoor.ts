import type { MotifTable } from '../motif.ts';
import { circle, group, line, mirrored, oval, path, rect, repeat, ring } from '../shapes.ts';

/** Camping, bags and bicycles. */
export const outdoor: MotifTable = {
  tent: (c) =>
    line('M188 78 L206 104 M212 78 L194 104', c.wood, 7) +
    path('M200 92 L352 314 H48 Z', c.main) +
    path('M200 92 L48 314 H136 Z', c.light) +
    path('M200 92 L264 314 H136 Z', c.dark) +
    path('M200 150 Q206 240 250 314 H150 Q194 240 200 150 Z', '#33353a') +
    path('M200 150 Q206 240 250 314 L262 306 Z', c.accent) +
    line('M48 314 L20 322 M352 314 L380 322', c.ink, 5),
  'sleeping-bag': (c) =>
    group(
      'rotate(-24 200 200)',
      path('M70 152 Q110 120 200 134 L320 158 Q346 200 320 242 L200 266 Q110 280 70 248 Q40 200 70 152 Z', c.main),
      repeat(4, (i) =>
        line(`M${160 + i * 44} ${136 + i * 6} Q${176 + i * 42} 200 ${160 + i * 44} ${264 - i * 6}`, c.dark, 5),
      ),
      oval(104, 200, 46, 58, c.dark),
      oval(106, 200, 34, 44, c.accent),
    ),
  mat: (c) =>
    path('M150 236 L330 276 V306 L150 312 Z', c.light) +
    oval(142, 248, 70, 68, c.main) +
    ring(142, 248, 48, c.dark, 7) +
    ring(142, 248, 26, c.dark, 7) +
    rect(120, 176, 12, 142, c.accent, 4) +
    line('M190 268 L320 292', c.main, 5),
  stove: (c) =>
    path('M200 74 q44 48 20 92 q-6 -24 -20 -30 q6 30 -14 40 q-36 -44 14 -102 Z', '#f08a3c') +
    path('M200 122 q20 24 8 48 q-14 -6 -18 -16 q2 -20 10 -32 Z', '#ffd877') +
    path('M116 176 H284 L268 318 H132 Z', c.metal) +
    path('M116 176 H152 L154 318 H132 Z', '#e6eaec') +
    repeat(5, (i) => circle(142 + i * 29, 208, 7, c.ink)) +
    path('M160 318 V262 Q200 236 240 262 V318 Z', c.ink) +
    line('M170 312 L230 286 M180 286 L226 314', '#f08a3c', 6) +
    rect(108, 166, 184, 14, c.metalDark, 6),
  hammock: (c) =>
    line('M52 60 V320 M348 60 V320', c.woodDark, 18) +
    line('M56 132 L112 190 M344 132 L288 190 M56 132 L104 214 M344 132 L296 214', c.paper, 5) +
    path('M100 182 Q200 330 300 182 Q290 286 200 298 Q110 286 100 182 Z', c.dark) +
    path('M100 182 Q200 286 300 182 Q262 268 200 272 Q138 268 100 182 Z', c.main) +
    path('M120 200 Q150 226 176 234 L160 248 Q132 236 120 200 Z', c.light),
  'camp-chair': (c) =>
    line('M126 222 L264 318 M274 222 L136 318', c.ink, 9) +
    mirrored(line('M128 104 L116 318', c.ink, 9)) +
    path('M126 96 Q200 112 274 96 L266 184 Q200 196 134 184 Z', c.main) +
    path('M126 96 Q160 104 186 105 L182 191 Q156 189 134 184 Z', c.light) +
    path('M124 216 Q200 232 276 216 L268 244 Q200 262 132 244 Z', c.dark) +
    mirrored(rect(92, 178, 46, 13, c.ink, 6)),
  headlamp: (c) =>
    path('M250 190 L380 120 V290 Z', '#fff3cf') +
    line('M90 176 Q150 96 250 152', c.accent, 20) +
    line('M90 176 Q120 262 230 244', c.dark, 18) +
    rect(186, 152, 78, 100, c.main, 18) +
    circle(234, 202, 34, c.ink) +
    circle(238, 202, 24, '#ffe9a8') +
    rect(196, 138, 32, 14, c.dark, 6),
  backpack: (c) =>
    line('M166 88 Q200 44 234 88', c.dark, 11) +
    mirrored(path('M124 190 Q88 200 96 296 H126 Z', c.dark)) +
    path('M116 150 Q118 82 200 82 Q282 82 284 150 V296 Q284 320 260 320 H140 Q116 320 116 296 Z', c.main) +
    path('M116 150 Q118 82 176 83 Q146 102 146 160 V320 H140 Q116 320 116 296 Z', c.light) +
    path('M116 160 Q200 200 284 160 V178 Q200 218 116 178 Z', c.dark) +
    rect(146, 222, 108, 78, c.dark, 16) +
    line('M158 246 H242', c.accent, 6) +
    mirrored(rect(158, 176, 12, 40, c.accent, 4)),
  duffel: (c) =>
    line('M140 196 Q150 96 200 96 Q250 96 260 196', c.dark, 12) +
    rect(62, 168, 276, 142, c.main, 46) +
    path('M108 168 H130 V310 H108 Q62 306 62 262 V216 Q62 172 108 168 Z', c.light) +
    rect(132, 168, 18, 142, c.dark) +
    rect(250, 168, 18, 142, c.dark) +
    line('M96 188 H304', c.accent, 6) +
    rect(172, 226, 56, 38, c.paper, 6),
  pouch: (c) =>
    line('M106 176 Q60 70 200 66 Q340 70 294 176', c.dark, 9) +
    rect(88, 150, 224, 160, c.main, 34) +
    path('M88 184 Q88 150 122 150 H278 Q312 150 312 184 V206 Q200 246 88 206 Z', c.dark) +
    line('M118 260 H282', c.light, 6) +
    circle(200, 226, 13, c.accent),
  bicycle: (c) =>
    ring(110, 250, 66, c.ink, 9) +
    ring(290, 250, 66, c.ink, 9) +
    repeat(
      6,
      (i) =>
        group(`rotate(${i * 30} 110 250)`, line('M110 190 V310', c.metal, 2)) +
        group(`rotate(${i * 30} 290 250)`, line('M290 190 V310', c.metal, 2)),
    ) +
    line('M110 250 L164 164 H266 L204 250 H110 M164 164 L204 250 M266 164 L290 250 M258 138 L266 164', c.main, 11) +
    line('M150 140 L164 164', c.metalDark, 8) +
    rect(126, 128, 54, 14, c.ink, 7) +
    line('M258 138 Q286 124 304 136', c.ink, 9) +
    circle(204, 250, 15, c.accent) +
    circle(110, 250, 8, c.metalDark) +
    circle(290, 250, 8, c.metalDark),
  helmet: (c) =>
    line('M130 240 Q170 306 206 300 Q262 290 276 242', c.ink, 8) +
    path('M78 236 Q76 108 204 104 Q326 108 328 222 Q330 246 304 246 H96 Q78 246 78 236 Z', c.main) +
    path('M78 236 Q76 108 190 105 Q120 134 124 246 H96 Q78 246 78 236 Z', c.light) +
    mirrored(path('M150 140 Q168 122 186 120 L182 214 H146 Q142 170 150 140 Z', c.dark)) +
    path('M296 232 H360 Q350 254 316 252 Z', c.dark),
  bell: (c) =>
    rect(186, 250, 28, 40, c.metalDark, 6) +
    ring(200, 296, 30, c.metalDark, 12) +
    path('M92 236 Q92 116 200 112 Q308 116 308 236 Z', c.main) +
    path('M92 236 Q92 116 184 113 Q132 140 132 236 Z', c.light) +
    rect(82, 232, 236, 20, c.dark, 10) +
    circle(200, 106, 13, c.dark) +
    line('M300 252 Q340 258 344 284', c.ink, 9) +
    line('M76 120 Q54 146 52 180 M324 120 Q346 146 348 180', c.accent, 6),
  saddle: (c) =>
    repeat(2, (i) => line(`M${150 + i * 70} 214 q-22 14 0 28 q22 14 0 28 q-22 14 0 24`, c.metalDark, 8)) +
    line('M120 300 H300', c.metal, 10) +
    path(
      'M62 176 Q66 146 130 150 Q220 150 300 128 Q352 122 350 168 Q346 214 300 218 Q210 210 120 206 Q64 206 62 176 Z',
      c.main,
    ) +
    path('M72 172 Q90 158 140 164 Q230 166 320 142 Q250 184 150 184 Q92 186 72 172 Z', c.light) +
    repeat(3, (i) => circle(306 + i * 12, 196 - i * 12, 4, '#c9a04e')),
  pump: (c) =>
    rect(130, 70, 140, 20, c.wood, 10) +
    rect(193, 88, 14, 70, c.metal) +
    rect(176, 150, 48, 150, c.main, 10) +
    rect(176, 150, 16, 150, c.light, 8) +
    circle(200, 262, 30, c.paper) +
    ring(200, 262, 30, c.ink, 5) +
    line('M200 262 L214 246', c.accent, 5) +
    rect(126, 298, 148, 20, c.ink, 8) +
    line('M224 286 Q320 300 304 180 Q300 140 270 150', c.ink, 8),
  'bike-seat': (c) =>
    path('M136 84 Q200 62 264 84 L276 206 Q288 256 252 270 H148 Q112 256 124 206 Z', c.main) +
    path('M158 106 Q200 94 242 106 L248 208 Q246 236 200 240 Q154 236 152 208 Z', c.light) +
    line('M172 116 L192 216 M228 116 L208 216', c.ink, 9) +
    circle(200, 216, 12, c.accent) +
    mirrored(path('M136 250 L122 312 H158 L166 266 Z', c.dark)),
  lock: (c) =>
    line('M132 206 V146 Q132 76 200 76 Q268 76 268 146 V206', c.metalDark, 24) +
    line('M132 206 V146 Q132 76 200 76 Q268 76 268 146 V206', c.metal, 10) +
    rect(98, 196, 204, 108, c.ink, 22) +
    rect(98, 220, 204, 26, '#c9a04e') +
    circle(200, 276, 13, c.metal) +
    line('M220 300 L262 320', c.metal, 7),
};
