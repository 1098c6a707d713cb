# The provider and its simulator in an image of their own: one static program, no shell, no root.
#
#   docker build -t workspaces-simulator .
#   docker run --rm -p 127.0.0.1:4566:4566 workspaces-simulator
FROM rust:1-alpine AS build
RUN apk add --no-cache build-base cmake perl
WORKDIR /build
COPY . .
# Programs for musl are linked statically by default.
RUN cargo build --locked --release --bin terraform-provider-aws-workspaces

FROM scratch
COPY --from=build /build/target/release/terraform-provider-aws-workspaces /terraform-provider-aws-workspaces
# Certificates of the public authorities, which the provider needs to call AWS.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
USER 65534:65534
EXPOSE 4566
ENTRYPOINT ["/terraform-provider-aws-workspaces"]
# In the container, callers come from its network; --allow-host takes the names that they may use.
CMD ["simulate", "--listen", "0.0.0.0:4566", "--allow-host", "simulator", "--allow-host", "host.docker.internal"]
