package io.aki.spring.web;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.aki.spring.boot.test.AkiEmulator;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The web servers on which a web application runs, each with its own stack.
 */
enum WebStack {

	TOMCAT(WebApplicationType.SERVLET, "org.springframework.boot.tomcat.autoconfigure"),

	JETTY(WebApplicationType.SERVLET, "org.springframework.boot.jetty.autoconfigure"),

	NETTY(WebApplicationType.REACTIVE, "org.springframework.boot.reactor.netty.autoconfigure");

	private static final List<String> SERVERS = List.of(
			"org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration",
			"org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration",
			"org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration",
			"org.springframework.boot.jetty.autoconfigure.reactive.JettyReactiveWebServerAutoConfiguration",
			"org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration");

	private final WebApplicationType type;

	private final String server;

	WebStack(WebApplicationType type, String server) {
		this.type = type;
		this.server = server;
	}

	boolean isServlet() {
		return this.type == WebApplicationType.SERVLET;
	}

	/**
	 * Start an application on a free port.
	 */
	WebApplication start(Class<?> application, AkiEmulator emulator, String... properties) {
		List<String> all = new ArrayList<>(List.of("server.port=0", "server.shutdown=immediate",
				"aki.io.api-server=" + emulator.apiServer(), "aki.io.api-key=" + emulator.apiKey(),
				"aki.io.endpoint=llama3_8b_chat", "aki.io.progress-interval=20ms", "aki.io.web.heartbeat=50ms",
				"spring.autoconfigure.exclude=" + otherServers()));
		Stream.of(properties).forEach(all::add);
		ConfigurableApplicationContext context = new SpringApplicationBuilder(application).web(this.type)
			.properties(all.toArray(String[]::new))
			.bannerMode(org.springframework.boot.Banner.Mode.OFF)
			.run();
		return new WebApplication(context);
	}

	private String otherServers() {
		return SERVERS.stream().filter((name) -> !name.startsWith(this.server)).collect(Collectors.joining(","));
	}

}
