package io.aki.sample;

import java.net.Inet6Address;
import java.net.InetAddress;

import io.aki.spring.boot.test.AkiEmulator;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Logs the address of the application when it is ready.
 */
@Component
class StartupLog {

	private static final Log logger = LogFactory.getLog(StartupLog.class);

	private final ServerProperties server;

	private final boolean emulated;

	StartupLog(ServerProperties server, ObjectProvider<AkiEmulator> emulator) {
		this.server = server;
		this.emulated = emulator.getIfAvailable() != null;
	}

	@EventListener
	void logAddress(ApplicationReadyEvent ready) {
		Integer port = ready.getApplicationContext().getEnvironment().getProperty("local.server.port", Integer.class);
		if (port != null) {
			logger.info("Open " + address(this.server, port)
					+ (this.emulated ? " (the emulator answers: no API key is set)" : " (AKI.IO answers)"));
		}
	}

	static String address(ServerProperties server, int port) {
		String scheme = Ssl.isEnabled(server.getSsl()) ? "https" : "http";
		String contextPath = server.getServlet().getContextPath();
		return scheme + "://" + host(server.getAddress()) + ":" + port + ((contextPath != null) ? contextPath : "")
				+ "/";
	}

	private static String host(@Nullable InetAddress address) {
		if (address == null || address.isAnyLocalAddress()) {
			return "localhost";
		}
		return (address instanceof Inet6Address) ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
	}

}
