;; The token of a partition key: Cassandra's Murmur3, the first half of the 128-bit one for x64 with seed 0, in which the
;; bytes of the tail are taken as signed (org.apache.cassandra.utils.MurmurHash).
(module
  ;; The key lies at its beginning; so does the token, once it is made. A key has at most 64 KiB.
  (memory (export "memory") 2)

  (func $mixed1 (param $word i64) (result i64)
    (i64.mul
      (i64.rotl (i64.mul (local.get $word) (i64.const 0x87c37b91114253d5)) (i64.const 31))
      (i64.const 0x4cf5ad432745937f)))

  (func $mixed2 (param $word i64) (result i64)
    (i64.mul
      (i64.rotl (i64.mul (local.get $word) (i64.const 0x4cf5ad432745937f)) (i64.const 33))
      (i64.const 0x87c37b91114253d5)))

  (func $finished (param $hash i64) (result i64)
    (local.set $hash (i64.xor (local.get $hash) (i64.shr_u (local.get $hash) (i64.const 33))))
    (local.set $hash (i64.mul (local.get $hash) (i64.const 0xff51afd7ed558ccd)))
    (local.set $hash (i64.xor (local.get $hash) (i64.shr_u (local.get $hash) (i64.const 33))))
    (local.set $hash (i64.mul (local.get $hash) (i64.const 0xc4ceb9fe1a85ec53)))
    (i64.xor (local.get $hash) (i64.shr_u (local.get $hash) (i64.const 33))))

  ;; The bytes from one to another, each with its sign and shifted to its place.
  (func $tail (param $from i32) (param $to i32) (result i64)
    (local $word i64)
    (block $done
      (loop $byte
        (br_if $done (i32.ge_s (local.get $from) (local.get $to)))
        (local.set $to (i32.sub (local.get $to) (i32.const 1)))
        (local.set $word
          (i64.xor
            (local.get $word)
            (i64.shl
              (i64.load8_s (local.get $to))
              (i64.extend_i32_u (i32.shl (i32.sub (local.get $to) (local.get $from)) (i32.const 3))))))
        (br $byte)))
    (local.get $word))

  ;; Makes the token of so many bytes.
  (func (export "token") (param $length i32)
    (local $one i64)
    (local $two i64)
    (local $at i32)
    (local $blocks i32)
    (local $middle i32)
    (local.set $blocks (i32.and (local.get $length) (i32.const 0xfffffff0)))
    (block $done
      (loop $block
        (br_if $done (i32.eq (local.get $at) (local.get $blocks)))
        (local.set $one (i64.xor (local.get $one) (call $mixed1 (i64.load (local.get $at)))))
        (local.set $one (i64.add (i64.rotl (local.get $one) (i64.const 27)) (local.get $two)))
        (local.set $one (i64.add (i64.mul (local.get $one) (i64.const 5)) (i64.const 0x52dce729)))
        (local.set $two (i64.xor (local.get $two) (call $mixed2 (i64.load offset=8 (local.get $at)))))
        (local.set $two (i64.add (i64.rotl (local.get $two) (i64.const 31)) (local.get $one)))
        (local.set $two (i64.add (i64.mul (local.get $two) (i64.const 5)) (i64.const 0x38495ab5)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $block)))
    (local.set $middle (i32.add (local.get $at) (i32.const 8)))
    (if (i32.gt_u (local.get $length) (local.get $middle))
      (then
        (local.set $two
          (i64.xor (local.get $two) (call $mixed2 (call $tail (local.get $middle) (local.get $length)))))))
    (local.set $one
      (i64.xor
        (local.get $one)
        (call $mixed1
          (call $tail
            (local.get $at)
            (select
              (local.get $middle)
              (local.get $length)
              (i32.gt_u (local.get $length) (local.get $middle)))))))
    (local.set $one (i64.xor (local.get $one) (i64.extend_i32_u (local.get $length))))
    (local.set $two (i64.xor (local.get $two) (i64.extend_i32_u (local.get $length))))
    (local.set $one (i64.add (local.get $one) (local.get $two)))
    (local.set $two (i64.add (local.get $two) (local.get $one)))
    (local.set $one (i64.add (call $finished (local.get $one)) (call $finished (local.get $two))))
    ;; No partition has the smallest token of all: Cassandra makes it the largest.
    (i64.store
      (i32.const 0)
      (select
        (i64.const 0x7fffffffffffffff)
        (local.get $one)
        (i64.eq (local.get $one) (i64.const 0x8000000000000000))))))
