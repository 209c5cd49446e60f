FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
RUN mvn -B -ntp -DskipTests package -pl scan-cli -am

FROM eclipse-temurin:17-jre
RUN useradd --system --uid 10001 scan && install -d -o scan -g scan /data
COPY --from=build /src/LICENSE /src/scan-cli/target/scan-cli.jar /opt/scan/
USER scan
WORKDIR /data
VOLUME /data
# No ExitOnOutOfMemoryError: it ends java with status 3, which means "gave up on the store" here.
ENTRYPOINT ["java", "-XX:+UseParallelGC", "-XX:MaxRAMPercentage=50", "-jar", "/opt/scan/scan-cli.jar"]
