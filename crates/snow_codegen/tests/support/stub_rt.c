/* A runtime for tests: one thread, no pre-emption, every cell counted. It knows nothing of the real one but the contract. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct { size_t stack_limit; char *bump, *bump_end; char *free[19]; } Ctx;
typedef struct { int32_t rc; uint32_t meta; } Obj;
typedef struct { uint32_t size; uint16_t ref_count; uint8_t kind, zero; const uint16_t *refs; const char *name; size_t len; } Desc;
typedef struct { int64_t (*handler)(Ctx *, char *, char *); uint32_t state, message; const char *name; size_t len; } Recv;
typedef struct { uint64_t version; const Desc *descs; size_t count; void (*init)(Ctx *); const Recv *main; } Program;
typedef struct { Obj head; uint32_t lo, hi, cap, zero; char data[]; } Buf;
typedef struct { Buf *buf; uint64_t view; } List;
typedef struct { Obj head; size_t len; const char *data; size_t cap; } Str;
typedef struct { const char *file; size_t file_len; uint32_t line, col; const char *fn; size_t fn_len; } Location;

static const size_t sizes[19] = {16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512};
static const Program *program;
static long large; /* what is allocated apart from the bump chunk, in bytes */

static const Desc *desc_of(Obj *o) { return &program->descs[o->meta >> 8]; }

static int class_of(size_t size) {
    for (int i = 0; i < 19; i++) if (size <= sizes[i]) return i;
    return -1;
}

void *snow_rt_alloc(Ctx *ctx, int64_t size) {
    int c = class_of(size);
    if (c >= 0) size = sizes[c];
    large += size;
    return malloc(size);
}

void snow_rt_free_large(Ctx *ctx, void *p, int64_t size) { large -= size; free(p); }

static void release_refs(Ctx *ctx, char *base, const Desc *d);

void snow_rt_release(Ctx *ctx, Obj *o) {
    const Desc *d = desc_of(o);
    if (d->kind == 1) {
        release_refs(ctx, (char *)o, d);
        int c = class_of(d->size);
        *(char **)o = ctx->free[c];
        ctx->free[c] = (char *)o;
    } else if (d->kind == 2) {
        Buf *b = (Buf *)o;
        for (uint32_t i = b->lo; i < b->hi; i++) release_refs(ctx, b->data + (size_t)i * d->size, d);
        large -= 24 + b->cap * d->size;
        free(b);
    } else {
        large -= sizeof(Str) + ((Str *)o)->len;
        free(o);
    }
}

static void release_refs(Ctx *ctx, char *base, const Desc *d) {
    for (int i = 0; i < d->ref_count; i++) {
        Obj *o = *(Obj **)(base + d->refs[i]);
        if ((size_t)o <= 4095 || o->rc < 0) continue;
        if (o->rc > 1) o->rc--; else snow_rt_release(ctx, o);
    }
}

void snow_rt_const_publish(Ctx *ctx, int64_t desc, char *from, char *to) {
    const Desc *d = &program->descs[desc];
    memcpy(to, from, d->size);
    for (int i = 0; i < d->ref_count; i++) {
        Obj *o = *(Obj **)(to + d->refs[i]);
        if ((size_t)o > 4095) o->rc = INT32_MIN;
    }
}

void snow_rt_stack_check(Ctx *ctx) { ctx->stack_limit = 0; puts("stack check"); }

void snow_rt_fail(Ctx *ctx, int64_t kind, int64_t a, int64_t b, const Location *l) {
    printf("fail %ld %ld %ld at %.*s:%u:%u in %.*s\n", (long)kind, (long)a, (long)b, (int)l->file_len, l->file,
           l->line, l->col, (int)l->fn_len, l->fn);
    exit(1);
}

static uint32_t off(List l) { return (uint32_t)l.view; }
static uint32_t len(List l) { return (uint32_t)(l.view >> 32); }

List snow_rt_list_new(Ctx *ctx, int64_t desc, int64_t cap) {
    size_t size = 24 + cap * program->descs[desc].size;
    large += size;
    Buf *b = malloc(size);
    *b = (Buf){{1, (uint32_t)desc << 8}, 0, 0, (uint32_t)cap, 0};
    return (List){b, 0};
}

/* A list of its own with the same elements and room at both ends. */
static List remake(Ctx *ctx, List l, uint32_t front, uint32_t back) {
    const Desc *d = desc_of(&l.buf->head);
    uint32_t n = len(l);
    List new = snow_rt_list_new(ctx, l.buf->head.meta >> 8, (int64_t)front + n + back);
    memcpy(new.buf->data + (size_t)front * d->size, l.buf->data + (size_t)off(l) * d->size, (size_t)n * d->size);
    new.buf->lo = front;
    new.buf->hi = front + n;
    new.view = front | (uint64_t)n << 32;
    for (uint32_t i = front; i < front + n; i++)
        for (int r = 0; r < d->ref_count; r++) {
            Obj *o = *(Obj **)(new.buf->data + (size_t)i * d->size + d->refs[r]);
            if ((size_t)o > 4095 && o->rc >= 0) o->rc++;
        }
    if (l.buf->head.rc == 1) snow_rt_release(ctx, &l.buf->head);
    else if (l.buf->head.rc > 1) l.buf->head.rc--;
    return new;
}

List snow_rt_list_reserve_back(Ctx *ctx, Buf *b, uint64_t v, int64_t n) {
    return remake(ctx, (List){b, v}, 0, n + (uint32_t)(v >> 32));
}
List snow_rt_list_reserve_front(Ctx *ctx, Buf *b, uint64_t v, int64_t n) {
    return remake(ctx, (List){b, v}, n + (uint32_t)(v >> 32), 0);
}
List snow_rt_list_make_unique(Ctx *ctx, Buf *b, uint64_t v) { return remake(ctx, (List){b, v}, 0, 0); }

Str *snow_rt_int_to_str(Ctx *ctx, int64_t n) {
    char text[32];
    int count = snprintf(text, sizeof text, "%ld", (long)n);
    Str *s = malloc(sizeof(Str) + count);
    large += sizeof(Str) + count;
    *s = (Str){{1, 0}, count, (char *)(s + 1), count};
    memcpy(s + 1, text, count);
    return s;
}

void snow_rt_print(Ctx *ctx, Str *s) { printf("%.*s", (int)s->len, s->data); }
uint8_t snow_rt_str_eq(Ctx *ctx, Str *a, Str *b) { return a->len == b->len && !memcmp(a->data, b->data, a->len); }

/* Processes: states and messages are copied without what they refer to. */
typedef struct { const Recv *recv; char *state; char *mail[64]; int first, last, ended; } Process;
static Process processes[64];
static int count, running;

int64_t snow_rt_spawn(Ctx *ctx, const Recv *recv, const char *args) {
    uint32_t size = program->descs[recv->state].size;
    processes[count] = (Process){recv, memcpy(malloc(size + 8), args, size)};
    return count++;
}

void snow_rt_send(Ctx *ctx, int64_t pid, int64_t desc, const char *message) {
    uint32_t size = program->descs[desc].size;
    Process *p = &processes[pid];
    p->mail[p->last++] = memcpy(malloc(size + 8), message, size);
}

void *snow_rt_suspend(Ctx *ctx, const Recv *recv, int64_t timeout) {
    Process *p = &processes[running];
    p->recv = recv;
    return p->state = malloc(program->descs[recv->state].size + 8);
}

static void run(Ctx *ctx, int pid, char *message) {
    running = pid;
    Process *p = &processes[pid];
    p->ended = p->recv->handler(ctx, p->state, message) == 0;
}

int32_t snow_rt_main(int32_t argc, char **argv, const Program *p) {
    setbuf(stdout, NULL);
    program = p;
    static char chunk[256] __attribute__((aligned(16)));
    Ctx ctx = {getenv("STUB_LIMIT") ? SIZE_MAX : 0, chunk, chunk + sizeof chunk};
    p->init(&ctx);
    large = 0;
    snow_rt_spawn(&ctx, p->main, "");
    run(&ctx, 0, NULL);
    for (int pid = 1; pid < count; pid++) run(&ctx, pid, NULL);
    for (int again = 1; again;) {
        again = 0;
        for (int pid = 0; pid < count; pid++)
            if (!processes[pid].ended && processes[pid].first < processes[pid].last) {
                again = 1;
                run(&ctx, pid, processes[pid].mail[processes[pid].first++]);
            }
    }
    long held = large + (ctx.bump - chunk);
    for (int i = 0; i < 19; i++)
        for (char *c = ctx.free[i]; c; c = *(char **)c) held -= sizes[i];
    if (held) printf("leaked %ld bytes\n", held);
    return 0;
}
