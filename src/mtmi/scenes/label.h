// The Cityscapes train ids.
#pragma once

#include <cstdint>

namespace mtmi::scenes {

enum Label : std::uint8_t {
  kRoad = 0,
  kSidewalk,
  kBuilding,
  kWall,
  kFence,
  kPole,
  kTrafficLight,
  kTrafficSign,
  kVegetation,
  kTerrain,
  kSky,
  kPerson,
  kRider,
  kCar,
  kTruck,
  kBus,
  kTrain,
  kMotorcycle,
  kBicycle,
  kIgnore = 255,  ///< street furniture and the bonnet: no class
};

inline constexpr int kLabelCount = 19;

}  // namespace mtmi::scenes
