package io.aki.sample.browser;

import java.io.IOException;
import java.nio.file.Path;

import io.aki.sample.SampleTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the login in a real browser.
 */
@Tag("browser")
@SampleTest
@ActiveProfiles("login")
@TestPropertySource(properties = { "sample.users.anna={noop}apple", "aki.io.emulator.enabled=true" })
@TestInstance(Lifecycle.PER_CLASS)
class LoginBrowserTests {

	private final Browser browser;

	LoginBrowserTests(@LocalServerPort int port) {
		this.browser = Browser.start(port).orElse(null);
	}

	@BeforeEach
	void begin() {
		Assumptions.assumeTrue(this.browser != null, "There is no Chromium with its driver on this machine");
		this.browser.forgetCookies();
	}

	@AfterAll
	void quit() {
		if (this.browser != null) {
			this.browser.close();
		}
	}

	@ParameterizedTest
	@CsvSource({ "false, false", "false, true", "true, false", "true, true" })
	void userLogsInAndOut(boolean phone, boolean dark) throws IOException {
		this.browser.phone(phone);
		this.browser.dark(dark);
		String name = (phone ? "phone" : "desktop") + "-" + (dark ? "dark" : "light");
		this.browser.open("/speech");
		this.browser.await("[name=username]");
		this.browser.screenshot(Path.of("target", "screenshots", "login-" + name + ".png"));
		assertThat(this.browser.axe()).isEmpty();
		this.browser.type("[name=username]", "anna");
		this.browser.type("[name=password]", "pear");
		this.browser.click("button[type=submit]");
		this.browser.awaitText(".problem", "The name or the password is wrong");
		this.browser.type("[name=username]", "anna");
		this.browser.type("[name=password]", "apple");
		this.browser.click("button[type=submit]");
		this.browser.awaitText("header .user", "anna");
		this.browser.await("#speech-form");
		assertThat(this.browser.axe()).isEmpty();
		assertThat(this.browser.script("return document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);
		this.browser.screenshot(Path.of("target", "screenshots", "logged-in-" + name + ".png"));
		this.browser.click("header .user button");
		this.browser.awaitText("[role=status]", "You are logged out");
		this.browser.open("/tasks");
		this.browser.await("[name=username]");
	}

}
