;; Finds the ends of JSON strings, sixteen bytes at a time. Compiled into json-strings-wasm.ts by
;; `npm run format`; `npm run check` compares. Read beside json-strings.ts, which puts a window of the
;; text at the beginning of the memory. What is loaded from behind `$to` counts for nothing.
(module
  ;; The window, and as much again behind it, since sixteen bytes may reach beyond.
  (memory (export "memory") 2)

  ;; Where the first quote in [$at, $to) is; $to, or more, where there is none.
  (func (export "quote") (param $at i32) (param $to i32) (result i32)
    (local $quotes i32)
    (loop $blocks
      (if (i32.ge_u (local.get $at) (local.get $to)) (then (return (local.get $to))))
      (local.set $quotes
        (i8x16.bitmask
          (i8x16.eq (v128.load (local.get $at)) (i8x16.splat (i32.const 0x22)))))
      (if (local.get $quotes)
        (then (return (i32.add (local.get $at) (i32.ctz (local.get $quotes))))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br $blocks))
    (unreachable))

  ;; Where a string whose inside goes on at $at stops in [$at, $to): at its closing quote, at a control
  ;; character, or at a backslash without a whole and sound escape; $to, or more, where it goes on.
  (func (export "stop") (param $at i32) (param $to i32) (result i32)
    (local $bytes v128)
    ;; A bit for each byte of the block at which to look closer: quote, backslash, control character.
    (local $marks i32)
    (local $mark i32)
    (local $escape i32)
    (loop $blocks
      (if (i32.ge_u (local.get $at) (local.get $to)) (then (return (local.get $to))))
      (local.set $bytes (v128.load (local.get $at)))
      (local.set $marks
        (i8x16.bitmask
          (v128.or
            (i8x16.lt_u (local.get $bytes) (i8x16.splat (i32.const 0x20)))
            (v128.or
              (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x22)))
              (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x5c)))))))
      (loop $inBlock
        (if (i32.eqz (local.get $marks))
          (then
            (local.set $at (i32.add (local.get $at) (i32.const 16)))
            (br $blocks)))
        (local.set $mark (i32.add (local.get $at) (i32.ctz (local.get $marks))))
        (if (i32.ne (i32.load8_u (local.get $mark)) (i32.const 0x5c))
          (then (return (local.get $mark))))
        ;; The longest escape has six bytes.
        (if (i32.gt_u (i32.add (local.get $mark) (i32.const 6)) (local.get $to))
          (then (return (local.get $mark))))

        ;; One of "\/bfnrt behind the backslash: on in the same block, unless it ends within the escape.
        (if
          (v128.any_true
            (i8x16.eq
              (v128.load8_splat offset=1 (local.get $mark))
              (v128.const i8x16
                0x22 0x5c 0x2f 0x62 0x66 0x6e 0x72 0x74 0x22 0x22 0x22 0x22 0x22 0x22 0x22 0x22)))
          (then
            (local.set $escape (i32.shl (i32.const 3) (i32.ctz (local.get $marks))))
            (if (i32.le_u (local.get $escape) (i32.const 0xffff))
              (then
                (local.set $marks
                  (i32.and (local.get $marks) (i32.xor (local.get $escape) (i32.const -1))))
                (br $inBlock)))
            (local.set $at (i32.add (local.get $mark) (i32.const 2)))
            (br $blocks)))

        ;; Or a u and four hexadecimal digits: 0 to 9, or a to f once the bit of small letters is set.
        (if (i32.ne (i32.load8_u offset=1 (local.get $mark)) (i32.const 0x75))
          (then (return (local.get $mark))))
        (local.set $bytes (v128.load32_splat offset=2 (local.get $mark)))
        (if
          (i32.eqz
            (i8x16.all_true
              (v128.or
                (i8x16.lt_u
                  (i8x16.sub (local.get $bytes) (i8x16.splat (i32.const 0x30)))
                  (i8x16.splat (i32.const 10)))
                (i8x16.lt_u
                  (i8x16.sub
                    (v128.or (local.get $bytes) (i8x16.splat (i32.const 0x20)))
                    (i8x16.splat (i32.const 0x61)))
                  (i8x16.splat (i32.const 6))))))
          (then (return (local.get $mark))))
        (local.set $at (i32.add (local.get $mark) (i32.const 6)))
        (br $blocks)))
    (unreachable)))
