/* doctor_served.c -- whether the servers show the certificate that lies in tls/: they read it at start and when they
 * are told to. One that was renewed on the disk alone ends for people on the day of the one before. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "common/base/file.h"
#include "common/base/num.h"
#include "operator/certificate.h"
#include "operator/doctor.h"
#include "operator/launcher.h"

enum { WAIT_S = 3, FILE_MAX = 64 * 1024 };

/* As its settings were written at the last start, which may have been given another one (--port). 0: not known. */
static uint64_t port_of(const struct doctor *d, const char *process)
{
    static const char KEY[] = "\nport = ";
    char path[HOUSE_PATH];
    struct buf text = BUF_INIT(FILE_MAX);
    uint64_t port = 0;
    house_path(d->house, path, "etc/%s.ini", process);
    const char *line = file_read(path, &text) == ERR_OK ? strstr(buf_text(&text), KEY) : NULL;
    if (line && num_parse(line + sizeof KEY - 1, strcspn(line + sizeof KEY - 1, "\n"), 1, 65535, &port) != ERR_OK)
        port = 0;
    buf_free(&text);
    return port;
}

static int connected(uint64_t port)
{
    struct timeval wait = {.tv_sec = WAIT_S};
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    if (connect(fd, (struct sockaddr *)&at, sizeof at) == 0)
        return fd;
    close(fd);
    return -1;
}

/* What a browser would be shown there; NULL: nothing. Nobody's word is taken for anything, so nothing is verified. */
static X509 *shown_at(uint64_t port)
{
    X509 *shown = NULL;
    int fd = connected(port);
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    SSL *ssl = ctx && fd >= 0 ? SSL_new(ctx) : NULL;
    if (ssl && SSL_set_fd(ssl, fd) == 1 && SSL_connect(ssl) == 1) {
        shown = SSL_get1_peer_certificate(ssl);
        SSL_shutdown(ssl);
    }
    SSL_free(ssl);
    SSL_CTX_free(ctx);
    ERR_clear_error();
    if (fd >= 0)
        close(fd);
    return shown;
}

/* A server that does not answer is no matter of its certificate: doctor_processes says what does not run. */
void doctor_served(struct doctor *d)
{
    static const char *const SERVERS[] = {"intake", "console", "sms"};
    char path[HOUSE_PATH], cure[DOCTOR_CURE];
    unsigned others = 0, same = 0;
    X509 *there = NULL;
    house_path(d->house, path, "tls/cert.pem");
    if (certificate_load(path, &there) != ERR_OK)
        return; /* said by doctor_certificate */
    if (launcher_find(d->house))
        doctor_cure(d, cure, "reload");
    else
        snprintf(cure, sizeof cure, "systemctl reload recourse-intake recourse-sms recourse-console (docs/units.md)");
    for (size_t i = 0; i < sizeof SERVERS / sizeof *SERVERS; i++) {
        size_t many;
        uint64_t port = port_of(d, SERVERS[i]);
        X509 *shown = port && doctor_process_of(d, SERVERS[i], &many) ? shown_at(port) : NULL;
        if (shown && X509_cmp(shown, there) != 0) {
            doctor_bad(d, cure, "certificate: %s still shows another one than %s", SERVERS[i], path);
            others++;
        } else {
            same += shown != NULL;
        }
        X509_free(shown);
    }
    if (same && !others)
        doctor_good(d, "certificate: it is the one that is shown");
    X509_free(there);
}
