# One image with every program of recourse; docker-compose.yml starts one of them in each container.
#
# The first stage fetches the console's styles from npm by lock file, again only where they change; the second compiles; the
# last holds programs, what they read, and the libraries they link. Each process has a system user whose number is fixed
# here, because volumes keep numbers and not names.

FROM docker.io/library/debian:bookworm-slim AS styles
RUN apt-get update \
    && apt-get install -y --no-install-recommends npm \
    && rm -rf /var/lib/apt/lists/*
COPY triage/console/style /style
RUN /style/build npm /styles

FROM docker.io/library/debian:bookworm-slim AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential cmake pkg-config libevent-dev libjansson-dev libpq-dev \
        libssl-dev libcurl4-openssl-dev libseccomp-dev libsqlite3-dev libargon2-dev libinih-dev libyaml-dev libfido2-dev liboath-dev libqrencode-dev libmagic-dev node-llhttp \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY CMakeLists.txt ./
COPY common common
COPY store store
COPY intake intake
COPY sms-gateway sms-gateway
COPY triage triage
COPY operator operator
COPY migrations migrations
COPY --from=styles /styles /build/triage/console/style
# What npm would fetch is there.
RUN cmake -S . -B /build -DCMAKE_BUILD_TYPE=RelWithDebInfo -DRECOURSE_SHARE=/usr/share/recourse -DNPM=/bin/false \
    && cmake --build /build -j "$(nproc)" \
    && mkdir -p /image/usr/lib/recourse /image/usr/share/recourse \
    && for program in recourse recourse-intake recourse-sms recourse-triage recourse-vault recourse-keys recourse-cleaner; do \
           install -m 0755 -s "/build/$program" /image/usr/lib/recourse/ || exit 1; \
       done \
    && cp -r --parents migrations intake/pages intake/languages sms-gateway/languages triage/console/pages \
           triage/console/languages triage/rules triage/codes triage/deadlines triage/vault/languages operator/demo /image/usr/share/recourse/ \
    && find /image/usr/share/recourse -type f ! -name '*.sql' ! -name '*.sample' ! -name '*.po' ! -name '*.json' \
           ! -path '*/pages/*' -delete

FROM docker.io/library/debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libargon2-1 libcurl4 libfido2-1 libevent-2.1-7 \
        libevent-openssl-2.1-7 libinih1 libjansson4 liboath0 libpq5 libqrencode4 libseccomp2 libsqlite3-0 libssl3 libyaml-0-2 \
        libmagic1 mat2 ffmpeg libimage-exiftool-perl libarchive-zip-perl poppler-utils poppler-data fonts-noto-core fonts-wqy-microhei \
    && rm -rf /var/lib/apt/lists/*
RUN number=7399; \
    for user in recourse-db recourse-intake recourse-sms recourse-triage \
                recourse-vault-usual recourse-vault-safeguarding recourse-vault-oversight \
                recourse-keys-usual recourse-keys-safeguarding recourse-keys-oversight \
                recourse-clean-usual recourse-clean-safeguarding recourse-clean-oversight; do \
        number=$((number + 1)); \
        groupadd --system --gid $number $user; \
        useradd --system --uid $number --gid $number --no-create-home --home-dir /nonexistent \
            --shell /usr/sbin/nologin $user || exit 1; \
    done \
    && mkdir -p /var/lib/recourse/secrets /var/lib/recourse/run \
    && ln -s /usr/lib/recourse/recourse /usr/bin/recourse
COPY --from=build /image/ /
COPY containers/prepare containers/health /usr/lib/recourse/
ENV RECOURSE_DATA=/var/lib/recourse
# Nothing of ours runs as root but `prepare` and the operator's command, which say so in docker-compose.yml.
USER recourse-intake
ENTRYPOINT []
CMD ["/usr/bin/recourse", "--help"]
