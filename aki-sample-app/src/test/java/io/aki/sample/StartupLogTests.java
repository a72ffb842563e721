package io.aki.sample;

import java.net.InetAddress;
import java.net.UnknownHostException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StartupLog}.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartupLogTests {

	@ParameterizedTest
	@CsvSource({ "'', (the emulator answers: no API key is set)", "made-up, (AKI.IO answers)" })
	void addressIsLoggedOnce(String key, String expected, CapturedOutput output) {
		try (ConfigurableApplicationContext context = SpringApplication.run(SampleApplication.class, "--server.port=0",
				"--AKI_API_KEY=", "--aki.io.api-key=" + key, "--server.servlet.context-path=/demo")) {
			String port = context.getEnvironment().getRequiredProperty("local.server.port");
			assertThat(output).containsOnlyOnce("Open http://127.0.0.1:" + port + "/demo/ " + expected);
		}
	}

	@ParameterizedTest
	@CsvSource({ "127.0.0.1, http://127.0.0.1:8080/", "0.0.0.0, http://localhost:8080/", "::, http://localhost:8080/",
			"::1, http://[0:0:0:0:0:0:0:1]:8080/" })
	void hostIsTheAddressOfTheServer(String address, String expected) throws UnknownHostException {
		ServerProperties server = new ServerProperties();
		server.setAddress(InetAddress.getByName(address));
		assertThat(StartupLog.address(server, 8080)).isEqualTo(expected);
	}

	@Test
	void schemeIsThatOfTheServer() {
		ServerProperties server = new ServerProperties();
		server.setSsl(new Ssl());
		assertThat(StartupLog.address(server, 8443)).isEqualTo("https://localhost:8443/");
	}

}
