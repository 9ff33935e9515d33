/* A UDP proxy that delays and drops: replies leave at arrival of the query + DELAY ms + an exponential part.
   Usage: delay_proxy PORT SERVER_PORT DELAY_MS EXPONENTIAL_MS LOSS_PERCENT SEED     (127.0.0.1 on both sides)
   Prints "ready", and on SIGTERM how many queries came, were dropped on purpose, and were lost otherwise. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

typedef struct { double due; int size; struct sockaddr_in client; unsigned char wire[4096]; } Reply;
typedef struct { double due; uint16_t id; struct sockaddr_in client; char waiting; } Query;

static Query queries[65536];
static Reply **heap;
static int replies, room, stopping;
static long came, dropped, refused;
static uint64_t state;

static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }
static void stop(int number) { (void)number; stopping = 1; }
static double chance(void) {                                      /* xorshift64*, even in [0, 1) */
    state ^= state >> 12; state ^= state << 25; state ^= state >> 27;
    return (double)((state * 2685821657736338717ULL) >> 11) / 9007199254740992.0;
}
static void push(Reply *reply) {
    if (replies == room && !(heap = realloc(heap, (room = room * 2 + 1024) * sizeof *heap))) exit(1);
    int at = replies++;
    for (; at && heap[(at - 1) / 2]->due > reply->due; at = (at - 1) / 2) heap[at] = heap[(at - 1) / 2];
    heap[at] = reply;
}
static Reply *pop(void) {
    Reply *first = heap[0], *last = heap[--replies];
    int at = 0, child;
    for (; (child = at * 2 + 1) < replies; at = child) {
        if (child + 1 < replies && heap[child + 1]->due < heap[child]->due) child++;
        if (last->due <= heap[child]->due) break;
        heap[at] = heap[child];
    }
    heap[at] = last;
    return first;
}
static int open_port(int port, int server) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), size = 32 << 20;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size)) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size)) setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    if (server ? connect(fd, (void *)&at, sizeof at) : bind(fd, (void *)&at, sizeof at)) { perror("delay_proxy"); exit(1); }
    return fd;
}

int main(int count, char **words) {
    if (count != 7) return fprintf(stderr, "usage: delay_proxy PORT SERVER_PORT DELAY_MS EXP_MS LOSS_PERCENT SEED\n"), 2;
    double delay = atof(words[3]) / 1e3, more = atof(words[4]) / 1e3, loss = atof(words[5]) / 100;
    state = strtoull(words[6], 0, 10) * 0x9E3779B97F4A7C15ULL + 1;
    int front = open_port(atoi(words[1]), 0), back = open_port(atoi(words[2]), 1);
    uint16_t next = 0;
    unsigned char wire[4096];
    signal(SIGTERM, stop);
    puts("ready"), fflush(stdout);
    while (!stopping) {
        struct pollfd both[] = {{front, POLLIN, 0}, {back, POLLIN, 0}};
        double wait = replies ? heap[0]->due - now() : 0.1;
        struct timespec pause = {0, wait > 0 ? (long)(fmin(wait, 0.1) * 1e9) : 0};
        if (pause.tv_nsec >= 100000000) pause.tv_nsec = 99999999;
        ppoll(both, 2, &pause, 0);
        struct sockaddr_in client;
        for (int turn = 0; turn < 256; turn++) {
            socklen_t length = sizeof client;
            int size = recvfrom(front, wire, sizeof wire, 0, (void *)&client, &length);
            if (size < 12) break;
            came++;
            if (chance() < loss) { dropped++; continue; }
            while (queries[next].waiting && queries[next].due + 2 > now()) next++;
            queries[next] = (Query){now() + delay - more * log(1 - chance()), wire[0] << 8 | wire[1], client, 1};
            wire[0] = next >> 8, wire[1] = next & 255, next++;
            if (send(back, wire, size, 0) != size) refused++;
        }
        for (int turn = 0; turn < 256; turn++) {
            int size = recv(back, wire, sizeof wire, 0);
            if (size < 12) break;
            Query *query = &queries[wire[0] << 8 | wire[1]];
            if (!query->waiting) continue;
            Reply *reply = malloc(sizeof *reply);
            if (!reply) exit(1);
            *reply = (Reply){.due = query->due, .size = size, .client = query->client};
            memcpy(reply->wire, wire, size);
            reply->wire[0] = query->id >> 8, reply->wire[1] = query->id & 255, query->waiting = 0;
            push(reply);
        }
        while (replies && heap[0]->due <= now()) {
            Reply *reply = pop();
            if (sendto(front, reply->wire, reply->size, 0, (void *)&reply->client, sizeof reply->client) < 0) refused++;
            free(reply);
        }
    }
    printf("queries %ld dropped %ld lost otherwise %ld\n", came, dropped, refused);
    return 0;
}
