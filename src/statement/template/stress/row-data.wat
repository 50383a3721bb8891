;; The bytes that cassandra-stress makes of a seed. All of its numbers have 64 bits, which JavaScript has not.
(module
  ;; What was made lies at its beginning.
  (memory (export "memory") 1)

  ;; java.util.Random: https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Random.html.
  (global $random (mut i64) (i64.const 0))

  ;; What words are made of: xorshift64*, S. Vigna, "An experimental exploration of Marsaglia's xorshift generators,
  ;; scrambled" (2016); its shifts are with the sign.
  (global $state (mut i64) (i64.const 0))

  (func $long (param $high i32) (param $low i32) (result i64)
    (i64.or
      (i64.shl (i64.extend_i32_u (local.get $high)) (i64.const 32))
      (i64.extend_i32_u (local.get $low))))

  (func $setSeed (param $seed i64)
    (global.set $random (i64.xor (local.get $seed) (i64.const 0x5deece66d))))

  ;; The next 48 bits, of which the upper 32 are what nextInt gives.
  (func $next (result i64)
    (global.set $random
      (i64.and
        (i64.add (i64.mul (global.get $random) (i64.const 0x5deece66d)) (i64.const 0xb))
        (i64.const 0xffffffffffff)))
    (global.get $random))

  (func $nextLong (result i64)
    (i64.add
      (i64.shl (i64.shr_u (call $next) (i64.const 16)) (i64.const 32))
      (i64.extend32_s (i64.shr_u (call $next) (i64.const 16)))))

  ;; At least 0, below 1.
  (func $nextDouble (result f64)
    (f64.mul
      (f64.convert_i64_u
        (i64.add
          (i64.shl (i64.shr_u (call $next) (i64.const 22)) (i64.const 27))
          (i64.shr_u (call $next) (i64.const 21))))
      (f64.const 0x1p-53)))

  (func (export "setSeed") (param $high i32) (param $low i32)
    (call $setSeed (call $long (local.get $high) (local.get $low))))

  ;; Whole, from 1 to 10^11: every value is drawn from so many.
  (func $draw (export "draw") (result f64)
    (local $unit f64)
    (local.set $unit (call $nextDouble))
    (f64.min
      (f64.trunc
        (f64.add
          (f64.mul (local.get $unit) (f64.const 100000000001))
          (f64.sub (f64.const 1) (local.get $unit))))
      (f64.const 100000000000)))

  ;; Has the words begin that follow from a draw.
  (func $begin (param $drawn i64)
    (call $setSeed (i64.xor (local.get $drawn) (i64.const -1)))
    (global.set $state (call $nextLong)))

  (func (export "begin") (param $high i32) (param $low i32)
    (call $begin (call $long (local.get $high) (local.get $low))))

  ;; Makes so many words of 8 bytes.
  (func $words (export "words") (param $count i32)
    (local $state i64)
    (local $at i32)
    (local $end i32)
    (local.set $state (global.get $state))
    (local.set $end (i32.shl (local.get $count) (i32.const 3)))
    (block $done
      (loop $word
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $state (i64.xor (local.get $state) (i64.shr_s (local.get $state) (i64.const 12))))
        (local.set $state (i64.xor (local.get $state) (i64.shl (local.get $state) (i64.const 25))))
        (local.set $state (i64.xor (local.get $state) (i64.shr_s (local.get $state) (i64.const 27))))
        (i64.store (local.get $at) (i64.mul (local.get $state) (i64.const 0x2545f4914f6cdd1d)))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br $word)))
    (global.set $state (local.get $state)))

  ;; The words go on from the state that java.util.Random makes of theirs.
  (func (export "renew")
    (call $setSeed (global.get $state))
    (global.set $state (call $nextLong)))

  ;; Makes the first words of the draw of a seed.
  (func (export "wordsOf") (param $high i32) (param $low i32) (param $count i32)
    (call $setSeed (call $long (local.get $high) (local.get $low)))
    (call $begin (i64.trunc_f64_u (call $draw)))
    (call $words (local.get $count)))

  ;; The eight lowest digits of a number as bytes, each `0` to `9` or `K` to `P`.
  (func $digits (param $number i64) (result i64)
    (local.set $number (i64.and (local.get $number) (i64.const 0xffffffff)))
    (local.set $number
      (i64.and
        (i64.or (local.get $number) (i64.shl (local.get $number) (i64.const 16)))
        (i64.const 0x0000ffff0000ffff)))
    (local.set $number
      (i64.and
        (i64.or (local.get $number) (i64.shl (local.get $number) (i64.const 8)))
        (i64.const 0x00ff00ff00ff00ff)))
    (local.set $number
      (i64.and
        (i64.or (local.get $number) (i64.shl (local.get $number) (i64.const 4)))
        (i64.const 0x0f0f0f0f0f0f0f0f)))
    ;; A digit above 9 is 16 with 6 more.
    (i64.add
      (i64.add (local.get $number) (i64.const 0x3030303030303030))
      (i64.mul
        (i64.and
          (i64.shr_u (i64.add (local.get $number) (i64.const 0x0606060606060606)) (i64.const 4))
          (i64.const 0x0101010101010101))
        (i64.const 0x11))))

  ;; Makes 16 digits of each of so many draws, the lowest first.
  (func (export "digits") (param $draws i32)
    (local $drawn i64)
    (local $at i32)
    (local $end i32)
    (local.set $end (i32.shl (local.get $draws) (i32.const 4)))
    (block $done
      (loop $draw
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $drawn (i64.trunc_f64_u (call $draw)))
        (i64.store (local.get $at) (call $digits (local.get $drawn)))
        (i64.store offset=8 (local.get $at)
          (call $digits (i64.shr_u (local.get $drawn) (i64.const 32))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $draw)))))
