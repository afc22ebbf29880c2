;; The payload's trellis (64 states, rate 1/3, from state 0 to state 0) in vectors of eight i16.
;;
;; A state is the last six inputs, s0 the newest. It lies where its Gray code says: vector
;; (s1^s0, s0) of A (s5 = s4) or B (s5 ≠ s4), lane (s4^s3, s3^s2, s2^s1). Then
;; - the two states of a butterfly, i and i + 32, are in the same lane of A and B;
;; - the branches of A are `m` in vectors 0 and 1 and the halves of `m` swapped in 2 and 3, all
;;   others their negatives;
;; - a plain unpack brings the new states back into place: the first lane bit says A or B, the
;;   first vector bit becomes the last lane bit;
;; - a decision is the bit that the predecessor's Gray code needs, and ties go to A, which is what
;;   lr-fhss-payload-viterbi.ts does with its own lanes. Both give the same bits, ties included.
;;
;; A step's 64 decisions are one word: bit 16·vector + 8·input + lane, before the step's shuffle.
(module
  (memory (export "memory") 1 1)
  ;; Three soft values a step; the vector load of the last step reads five bytes past them.
  (global (export "softAt") i32 (i32.const 0))
  ;; The information bits, eight a byte, first bit highest, tail included.
  (global (export "bytesAt") i32 (i32.const 6208))
  ;; One i64 a step, at 8192.

  (func (export "advance") (param $steps i32)
    (local $t i32) (local $soft i32) (local $decisions i32)
    (local $a0 v128) (local $a1 v128) (local $a2 v128) (local $a3 v128)
    (local $b0 v128) (local $b1 v128) (local $b2 v128) (local $b3 v128)
    ;; the best metric into each new state: $e after input 0, $o after input 1
    (local $e0 v128) (local $e1 v128) (local $e2 v128) (local $e3 v128)
    (local $o0 v128) (local $o1 v128) (local $o2 v128) (local $o3 v128)
    (local $m v128) (local $n v128)
    (local $p v128) (local $q v128) (local $r v128) (local $s v128)

    ;; State 0 leads by more than six branches can make up: no path from another state survives.
    (local.set $a0 (v128.const i16x8 4573 0 0 0 0 0 0 0))
    (local.set $decisions (i32.const 8192))
    (loop $step
      ;; Metrics spread by 4573 at most and change by 381 a step: 4573 + 64·381 + 381 < 2^15.
      (if (i32.eqz (i32.and (local.get $t) (i32.const 63)))
        (then
          (local.set $p (i16x8.splat (i16x8.extract_lane_s 0 (local.get $a0))))
          (local.set $a0 (i16x8.sub (local.get $a0) (local.get $p)))
          (local.set $a1 (i16x8.sub (local.get $a1) (local.get $p)))
          (local.set $a2 (i16x8.sub (local.get $a2) (local.get $p)))
          (local.set $a3 (i16x8.sub (local.get $a3) (local.get $p)))
          (local.set $b0 (i16x8.sub (local.get $b0) (local.get $p)))
          (local.set $b1 (i16x8.sub (local.get $b1) (local.get $p)))
          (local.set $b2 (i16x8.sub (local.get $b2) (local.get $p)))
          (local.set $b3 (i16x8.sub (local.get $b3) (local.get $p)))))

      ;; Outputs for input 0 from A, by lane: 000 100 010 110 011 111 001 101.
      (local.set $p (v128.load8x8_s (local.get $soft)))
      (local.set $m
        (i16x8.add
          (i16x8.add
            (i16x8.mul (v128.const i16x8 -1 1 -1 1 -1 1 -1 1)
              (i8x16.swizzle (local.get $p)
                (v128.const i8x16 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1)))
            (i16x8.mul (v128.const i16x8 -1 -1 1 1 1 1 -1 -1)
              (i8x16.swizzle (local.get $p)
                (v128.const i8x16 2 3 2 3 2 3 2 3 2 3 2 3 2 3 2 3))))
          (i16x8.mul (v128.const i16x8 -1 -1 -1 -1 1 1 1 1)
            (i8x16.swizzle (local.get $p)
              (v128.const i8x16 4 5 4 5 4 5 4 5 4 5 4 5 4 5 4 5)))))
      (local.set $n
        (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $m) (local.get $m)))

      ;; vector 0
      (local.set $p (i16x8.add (local.get $a0) (local.get $m)))
      (local.set $q (i16x8.sub (local.get $b0) (local.get $m)))
      (local.set $r (i16x8.sub (local.get $a0) (local.get $m)))
      (local.set $s (i16x8.add (local.get $b0) (local.get $m)))
      (local.set $e0 (i16x8.max_s (local.get $p) (local.get $q)))
      (local.set $o0 (i16x8.max_s (local.get $r) (local.get $s)))
      (i32.store16 (local.get $decisions)
        (i8x16.bitmask (i8x16.narrow_i16x8_s
          (i16x8.gt_s (local.get $q) (local.get $p))
          (i16x8.gt_s (local.get $s) (local.get $r)))))

      ;; vector 1
      (local.set $p (i16x8.add (local.get $a1) (local.get $m)))
      (local.set $q (i16x8.sub (local.get $b1) (local.get $m)))
      (local.set $r (i16x8.sub (local.get $a1) (local.get $m)))
      (local.set $s (i16x8.add (local.get $b1) (local.get $m)))
      (local.set $e1 (i16x8.max_s (local.get $p) (local.get $q)))
      (local.set $o1 (i16x8.max_s (local.get $r) (local.get $s)))
      (i32.store16 offset=2 (local.get $decisions)
        (i8x16.bitmask (i8x16.narrow_i16x8_s
          (i16x8.gt_s (local.get $q) (local.get $p))
          (i16x8.gt_s (local.get $s) (local.get $r)))))

      ;; vector 2
      (local.set $p (i16x8.add (local.get $a2) (local.get $n)))
      (local.set $q (i16x8.sub (local.get $b2) (local.get $n)))
      (local.set $r (i16x8.sub (local.get $a2) (local.get $n)))
      (local.set $s (i16x8.add (local.get $b2) (local.get $n)))
      (local.set $e2 (i16x8.max_s (local.get $p) (local.get $q)))
      (local.set $o2 (i16x8.max_s (local.get $r) (local.get $s)))
      (i32.store16 offset=4 (local.get $decisions)
        (i8x16.bitmask (i8x16.narrow_i16x8_s
          (i16x8.gt_s (local.get $q) (local.get $p))
          (i16x8.gt_s (local.get $s) (local.get $r)))))

      ;; vector 3
      (local.set $p (i16x8.add (local.get $a3) (local.get $n)))
      (local.set $q (i16x8.sub (local.get $b3) (local.get $n)))
      (local.set $r (i16x8.sub (local.get $a3) (local.get $n)))
      (local.set $s (i16x8.add (local.get $b3) (local.get $n)))
      (local.set $e3 (i16x8.max_s (local.get $p) (local.get $q)))
      (local.set $o3 (i16x8.max_s (local.get $r) (local.get $s)))
      (i32.store16 offset=6 (local.get $decisions)
        (i8x16.bitmask (i8x16.narrow_i16x8_s
          (i16x8.gt_s (local.get $q) (local.get $p))
          (i16x8.gt_s (local.get $s) (local.get $r)))))

      ;; Low halves, interleaved, are the new A, high halves the new B.
      (local.set $a0 (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23
        (local.get $e0) (local.get $e2)))
      (local.set $b0 (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31
        (local.get $e0) (local.get $e2)))
      (local.set $a1 (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23
        (local.get $o1) (local.get $o3)))
      (local.set $b1 (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31
        (local.get $o1) (local.get $o3)))
      (local.set $a2 (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23
        (local.get $e1) (local.get $e3)))
      (local.set $b2 (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31
        (local.get $e1) (local.get $e3)))
      (local.set $a3 (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23
        (local.get $o0) (local.get $o2)))
      (local.set $b3 (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31
        (local.get $o0) (local.get $o2)))

      (local.set $soft (i32.add (local.get $soft) (i32.const 3)))
      (local.set $decisions (i32.add (local.get $decisions) (i32.const 8)))
      (local.set $t (i32.add (local.get $t) (i32.const 1)))
      (br_if $step (i32.lt_u (local.get $t) (local.get $steps)))))

  ;; From state 0 at the end backwards. Of the Gray code g4..g0 (gk = sk ^ sk+1) the newest bit is
  ;; kept apart, as 4·g4: the next one depends on it by two shifts and nothing more.
  (func (export "traceBack") (param $steps i32)
    (local $t i32) (local $gray i64) (local $newest i64) (local $bit i64) (local $next i64)
    (local $byte i64)
    (local.set $t (local.get $steps))
    (loop $step
      (local.set $t (i32.sub (local.get $t) (i32.const 1)))
      ;; Each byte is stored as it fills; its eighth store is the whole one.
      (local.set $byte
        (i64.or (i64.shr_u (local.get $byte) (i64.const 1))
                (i64.shl (local.get $bit) (i64.const 7))))
      (i64.store8 offset=6208 (i32.shr_u (local.get $t) (i32.const 3)) (local.get $byte))
      (local.set $next (i64.and (i64.xor (local.get $bit) (local.get $gray)) (i64.const 1)))
      ;; vector (g1, s1), input s0, lane (g4, g3, g2)
      (local.set $bit
        (i64.or
          (i64.or (i64.shr_u (local.get $gray) (i64.const 2))
                  (i64.shl (i64.and (local.get $gray) (i64.const 2)) (i64.const 4)))
          (i64.or (i64.shl (local.get $bit) (i64.const 3))
                  (i64.shl (local.get $next) (i64.const 4)))))
      (local.set $gray
        (i64.or (i64.shr_u (local.get $gray) (i64.const 1))
                (i64.shl (local.get $newest) (i64.const 1))))
      (local.set $newest
        (i64.and (i64.const 4)
          (i64.shl
            (i64.shr_u
              (i64.shr_u
                (i64.load offset=8192 (i32.shl (local.get $t) (i32.const 3)))
                (local.get $bit))
              (local.get $newest))
            (i64.const 2))))
      (local.set $bit (local.get $next))
      (br_if $step (local.get $t)))))
