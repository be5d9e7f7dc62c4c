#pragma once
#include <gtest/gtest.h>

#include <string>

#include "fixture.hpp"
#include "xml.hpp"

namespace roamdesk::provisioning {

// The finished file of `view`.
inline std::string body(const PhoneView& view) { return provisioner().render(view).body; }

// An XML file's elements; the test fails where it isn't one.
inline xml::Element parsed(const std::string& text) {
  xml::Reader reader{text};
  auto root = reader.read();
  EXPECT_EQ(reader.fault(), "");
  return root;
}

}  // namespace roamdesk::provisioning
