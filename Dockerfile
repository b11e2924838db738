# The image of Countersign: Node, the C libraries that it loads, and the bundle. No shell, no package manager.
#   docker build -t countersign:0.2.0 .
#
# BUILDER makes the bundle; it has Node and npm. BASE is where Node and its libraries are taken from (22.19 or newer, glibc).
# With `--build-arg BUNDLE=prebuilt` the bundle is dist/, as `npm run build` left it.
ARG BUILDER=docker.io/library/node:24-slim
ARG BASE=docker.io/library/node:24-slim
ARG BUNDLE=built

FROM ${BUILDER} AS built
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-fund --no-audit
COPY scripts scripts
COPY src src
COPY console console
RUN npm run build

FROM scratch AS prebuilt
COPY dist /src/dist

FROM ${BUNDLE} AS bundle

FROM ${BASE} AS base
COPY scripts/image-root.mjs scripts/compile-cache.mjs /
COPY --from=bundle /src/dist /opt/countersign
RUN ["node", "/image-root.mjs", "/image-root"]
# The code that V8 made of the program, for the image's user and path. For another user id Node compiles it at each start, as without it.
RUN ["node", "/compile-cache.mjs", "/opt/countersign/countersign.mjs", "/image-root/opt/countersign/compile-cache", "65532"]

FROM scratch
LABEL org.opencontainers.image.title="Countersign" \
      org.opencontainers.image.description="Lets your own Envoy accept requests signed for Tencent Cloud API Gateway, unchanged." \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=base /image-root /
COPY --from=bundle /src/dist /opt/countersign
COPY LICENSE /opt/countersign/LICENSE
# Numbers, so that Kubernetes can see that it is not root. Nothing is written but where a volume is mounted.
USER 65532:65532
WORKDIR /
EXPOSE 9001 9090
# glibc gives each thread a pool of memory of its own, and keeps what was freed in each: with one pool a verifier holds 20 MiB less.
ENV MALLOC_ARENA_MAX=1
# Otherwise glibc keeps what large bodies took, once one of them was freed: 8 MiB.
ENV MALLOC_MMAP_THRESHOLD_=262144
# V8 lets the space for new objects grow to 128 MiB and keeps it so. For the transport grpc-js: half of it would cost speed, and http2 has a limit of its own.
ENV NODE_OPTIONS=--max-semi-space-size=16
ENV NODE_COMPILE_CACHE=/opt/countersign/compile-cache
# Without a shell between: the program gets the signals, and ends on SIGTERM.
ENTRYPOINT ["/usr/local/bin/node", "/opt/countersign/countersign.mjs"]
CMD ["--help"]
